using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Forward 3×3 convolution of stride 1 by F(4×4, 3×3); see <see cref="WinogradPoints"/> and <see cref="WinogradPlan"/>.</summary>
/// <remarks>
/// A quarter of the multiplications of the definition. Error for the layers of the paper's models: rms 9·10⁻⁷ of the rms of y, the largest of some thousand
/// elements 6·10⁻⁶, about that of a sequential float32 sum; it is relative to the outputs of a tile and its filter, not to each element. A NaN or infinity makes
/// all of its tile NaN.
/// </remarks>
internal sealed unsafe class WinogradForward<V> : ConvolutionForwardKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"winograd-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && WinogradShapes.Supports(shape);

    public override bool Pays(in ConvolutionShape shape) => WinogradShapes.Pays(shape, TileGrid.Forward(shape));

    public override bool IsApproximate => true;

    public override long ScratchLength(in ConvolutionShape shape, int workers) => new WinogradPlan(TileGrid.Forward(shape)).ScratchLength(workers);

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
            WinogradMultiply<V>.Run(TileGrid.Forward(shape), w, x, epilogue.ForMap(shape.Output.Length), scratch, context.Workers);
        }
    }
}
