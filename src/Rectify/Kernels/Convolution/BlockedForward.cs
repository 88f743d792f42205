using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution;

/// <summary>Forward convolution by blocked implicit GEMM; see <see cref="PatchMultiply{V}"/>.</summary>
/// <remarks>Any filter, stride, padding and number of channels. Each element is one sequential sum a slice of the depth, in float32.</remarks>
internal sealed unsafe class BlockedForward<V> : ConvolutionForwardKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"blocked-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width;

    public override long ScratchLength(in ConvolutionShape shape, int workers) => workers * PatchMultiply<V>.SlabLength(shape.Depth);

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
            PatchMultiply<V> job = new(
                PatchSource.Forward(shape, x), w, y, shape.Output.Pixels, shape.Output.Pitch / Tensors.MapShape.ChannelBlock, epilogue, scratch);
            context.Workers.Run(job.Chunks, ref job);
        }
    }
}
