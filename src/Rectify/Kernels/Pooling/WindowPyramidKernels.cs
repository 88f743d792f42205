using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>The kernels that pool all windows of a map, fastest first.</summary>
internal static class WindowPyramidKernels
{
    /// <summary>y from x.</summary>
    public static KernelTable<WindowPyramidKernel, WindowPyramidShape> Forward { get; } = new(
        new RunningForward<Lanes512>(), new RunningForward<Lanes256>(), new RunningForward<Lanes128>(), new RunningForward<Lanes1>(), new ReferenceForward());

    // Neighbouring windows have bins in common: for every size of a bin there is a map of the maxima at all its places, from which windows copy.
    private sealed unsafe class RunningForward<V> : WindowPyramidKernel
        where V : struct, ILanes<V>
    {
        public override string Name => $"running-{V.Width * 32}";

        public override bool Supports(in WindowPyramidShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % MapShape.ChannelBlock == 0;

        public override long ScratchLength(in WindowPyramidShape shape, int workers) =>
            new BinSizes(shape).Length + ((long)workers * shape.Input.H * shape.Input.W * MapShape.ChannelBlock);

        public override void Prepare(in WindowPyramidShape shape, ReadOnlySpan<float> x, Span<float> scratch, KernelContext context)
        {
            BinSizes sizes = new(shape);
            ReadOnlySpan<BinMaxima> maxima = sizes.Maxima;
            fixed (BinMaxima* maximaStart = maxima)
            fixed (float* xStart = x, scratchStart = scratch)
            {
                RunningMaximaJob<V> job = new(shape.Input, maximaStart, maxima.Length, xStart, scratchStart, scratchStart + sizes.Length);
                context.Workers.Run(job.Chunks, ref job);
            }
        }

        public override void Pool(
            in WindowPyramidShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> scratch, int first, int count, Span<float> y, KernelContext context)
        {
            BinSizes sizes = new(shape);
            ReadOnlySpan<BinPlace> places = sizes.Places;
            fixed (BinPlace* placesStart = places)
            fixed (float* xStart = x, scratchStart = scratch, yStart = y)
            {
                WindowCopyJob<V> job = new(shape, placesStart, places.Length, xStart, scratchStart, first, yStart);
                context.Workers.Run(count, ref job);
            }
        }
    }

    private sealed class ReferenceForward : WindowPyramidKernel
    {
        public override string Name => "reference";

        public override bool Supports(in WindowPyramidShape shape, Isa isa) => true;

        public override void Prepare(in WindowPyramidShape shape, ReadOnlySpan<float> x, Span<float> scratch, KernelContext context)
        {
        }

        public override void Pool(
            in WindowPyramidShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> scratch, int first, int count, Span<float> y, KernelContext context) =>
            WindowPyramidReference<float>.Run(shape, x, first, count, y);
    }
}
