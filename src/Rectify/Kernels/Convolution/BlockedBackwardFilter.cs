using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution;

/// <summary>Backward-filter by blocked implicit GEMM: dw = patchesᵀ·dy; see <see cref="PatchOuterProduct{V}"/>.</summary>
internal sealed unsafe class BlockedBackwardFilter<V> : ConvolutionBackwardFilterKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"blocked-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width;

    public override long ScratchLength(in ConvolutionShape shape, int workers) => new OuterProductPlan(shape).ScratchLength(workers);

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch, KernelContext context)
    {
        fixed (float* xStart = x, dyStart = dy, dwStart = dw, scratchStart = scratch)
        {
            OuterProductPlan plan = new(shape);
            PatchOuterProduct<V> job = new(plan, PatchSource.Forward(shape, xStart), dyStart, dwStart, scratchStart, context.Workers.Count);
            context.Workers.Run(plan.Chunks, ref job);
            if (plan.Groups > 1)
            {
                SumPartials<V> sum = new(plan.Groups, shape.WeightLength, job.Partials, dwStart);
                context.Workers.Run(sum.Chunks, ref sum);
            }
        }
    }
}
