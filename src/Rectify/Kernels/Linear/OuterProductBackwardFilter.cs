using Rectify.Kernels.Optimization;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Linear;

/// <summary>dw = xᵀ·dy piece by piece in the cache (<see cref="OuterProductJob{V, TUse}"/>). What overwrites much is streamed out.</summary>
internal sealed unsafe class OuterProductBackwardFilter<V> : LinearBackwardFilterKernel
    where V : struct, ILanes<V>
{
    public override string Name => $"outer-{V.Width * 32}";

    public override bool Supports(in LinearShape shape, Isa isa) => (int)isa >= V.Width;

    public override long ScratchLength(in LinearShape shape, int workers) => workers * OuterProductJob<V, StorePiece<V>>.WorkerLength(shape);

    public override void Run(
        in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, bool accumulate, Span<float> dw, Span<float> scratch, KernelContext context)
    {
        fixed (float* start = dw)
        {
            if (accumulate)
            {
                Start(shape, x, dy, new AddPiece<V>(start), scratch, context);
            }
            else if (Streaming.Pays<V>(shape.WeightLength, start))
            {
                Start(shape, x, dy, new StreamPiece<V>(start), scratch, context);
            }
            else
            {
                Start(shape, x, dy, new StorePiece<V>(start), scratch, context);
            }
        }
    }

    public override void Update(
        in LinearShape shape,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy,
        Span<float> w,
        Span<float> v,
        MomentumRule rule,
        Span<float> scratch,
        KernelContext context)
    {
        fixed (float* wStart = w, vStart = v)
        {
            Start(shape, x, dy, new ApplyPiece<V>(wStart, vStart, rule), scratch, context);
        }
    }

    public override long CountNotFinite(in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> scratch, KernelContext context)
    {
        long count = 0;
        Start(shape, x, dy, new CountPiece(&count), scratch, context);
        return count;
    }

    private static void Start<TUse>(
        in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, TUse use, Span<float> scratch, KernelContext context)
        where TUse : unmanaged, IPieceUse
    {
        fixed (float* xStart = x, dyStart = dy, scratchStart = scratch)
        {
            OuterProductJob<V, TUse> job = new(shape, xStart, dyStart, scratchStart, use);
            context.Workers.Run(job.Chunks, ref job);
        }
    }
}
