using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>Backward-filter of photos, whose pixels are packed; see <see cref="PhotoOuterProduct{V}"/>.</summary>
internal sealed unsafe class PhotoBackwardFilter<V> : ConvolutionBackwardFilterKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"photo-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && PhotoShapes.Fits(shape);

    public override bool Pays(in ConvolutionShape shape) => PhotoShapes.PaysBackward(shape);

    public override long ScratchLength(in ConvolutionShape shape, int workers) => new PhotoFilterPlan(shape).ScratchLength(workers);

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch, KernelContext context)
    {
        fixed (float* xStart = x, dyStart = dy, dwStart = dw, scratchStart = scratch)
        {
            PhotoFilterPlan plan = new(shape);
            PhotoOuterProduct<V> job = new(shape, plan, xStart, dyStart, dwStart, scratchStart, context.Workers.Count);
            context.Workers.Run(plan.Groups, ref job);
            if (plan.Groups > 1)
            {
                SumPartials<V> sum = new(plan.Groups, shape.WeightLength, job.Partials, dwStart);
                context.Workers.Run(sum.Chunks, ref sum);
            }
        }
    }
}
