using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>Forward convolution of photos, whose pixels are packed: patches are read where they lie in padded rows; see <see cref="PhotoMultiply{V}"/>.</summary>
/// <remarks>Any filter, stride and padding. Each element is one sequential sum in float32.</remarks>
internal sealed unsafe class PhotoForward<V> : ConvolutionForwardKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"photo-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && PhotoShapes.Fits(shape);

    public override bool Pays(in ConvolutionShape shape) => PhotoShapes.PaysForward(shape);

    public override long ScratchLength(in ConvolutionShape shape, int workers) => workers * PhotoMultiply<V>.WorkerLength(shape);

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
            PhotoMultiply<V> job = new(shape, x, w, epilogue, scratch);
            context.Workers.Run(job.Chunks, ref job);
        }
    }
}
