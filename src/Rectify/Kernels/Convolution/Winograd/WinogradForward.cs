using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Forward 3×3, 2×2 or 7×7 convolution of stride 1; see <see cref="IWinograd"/> and <see cref="WinogradPlan"/>.</summary>
/// <remarks>
/// A quarter of the multiplications of the definition for 3×3 filters, 39 or 44 % for 2×2, a third for 7×7. Error for the layers of the paper's models: rms 9·10⁻⁷ of the
/// rms of y, the largest of some thousand elements 6·10⁻⁶, about that of a sequential float32 sum; by F(5×5, 3×3) twice, by F(4×4, 2×2) half, by F(3×3, 2×2) a third of
/// that, by F(2×2, 7×7) rms 4·10⁻⁶, twice a sequential sum's. It is relative to the outputs of a tile and its filter, not to each element. A NaN or infinity makes all of
/// its tile NaN.
/// </remarks>
internal sealed unsafe class WinogradForward<V, TScheme> : ConvolutionForwardKernel
    where V : struct, ILanes<V>
    where TScheme : IWinograd
{
    public override string Name => $"{TScheme.Name}-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && WinogradShapes.Supports<TScheme>(shape);

    public override bool Pays(in ConvolutionShape shape) => WinogradShapes.Pays<TScheme>(shape, TileGrid.Forward<TScheme>(shape));

    public override bool IsApproximate => true;

    public override long ScratchLength(in ConvolutionShape shape, int workers) => new WinogradPlan(TileGrid.Forward<TScheme>(shape), workers).ScratchLength(workers);

    public override void Run(in ConvolutionShape shape, in ConvolutionForwardOperands operands, KernelContext context)
    {
        fixed (float* x = operands.X, w = operands.W, bias = operands.Bias, slopes = operands.Slopes, y = operands.Y)
        fixed (float* rectified = operands.Rectified, scratch = operands.Scratch)
        {
            Epilogue<V> epilogue = new()
            {
                Bias = bias,
                Rectification = operands.Rectification,
                Slopes = slopes,
                Y = y,
                Rectified = rectified,
            };
            WinogradMultiply<V, TScheme>.Run(TileGrid.Forward<TScheme>(shape), w, x, epilogue.ForMap(shape.Output.Length), scratch, context.Workers);
        }
    }
}
