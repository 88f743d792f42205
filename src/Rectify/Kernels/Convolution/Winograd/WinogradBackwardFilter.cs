using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Backward-filter of a 3×3 or 2×2 convolution of stride 1: dw += Gᵀ[(A dy Aᵀ) ⊙ (Bᵀ x B), summed over tiles]G.</summary>
/// <remarks>
/// The derivative of Lavin and Gray's form by g; see <see cref="IWinograd"/> and <see cref="WinogradFilterPlan"/>. Error for the layers of the paper's models:
/// rms 10⁻⁶ of the rms of dw, the largest of some thousand elements 6·10⁻⁶. A NaN or infinity in x or dy makes all taps of its channel NaN.
/// </remarks>
internal sealed unsafe class WinogradBackwardFilter<V, TScheme> : ConvolutionBackwardFilterKernel
    where V : struct, ILanes<V>
    where TScheme : IWinogradGradients
{
    public override string Name => $"{TScheme.Name}-{V.Width * 32}";

    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && WinogradShapes.Supports<TScheme>(shape);

    public override bool Pays(in ConvolutionShape shape) => WinogradShapes.Pays<TScheme>(shape, TileGrid.Forward<TScheme>(shape));

    public override bool IsApproximate => true;

    public override long ScratchLength(in ConvolutionShape shape, int workers) => new WinogradFilterPlan(shape, TileGrid.Forward<TScheme>(shape), workers).ScratchLength(workers);

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch, KernelContext context)
    {
        fixed (float* xStart = x, dyStart = dy, dwStart = dw, blocks = scratch)
        {
            WinogradFilterPlan plan = new(shape, TileGrid.Forward<TScheme>(shape), context.Workers.Count);
            float* partials = blocks + (plan.RoundBlocks * plan.BlockLength);
            float* workers = partials + plan.PartialsLength;
            for (int block = 0; block < plan.Blocks; block += plan.RoundBlocks)
            {
                int count = Math.Min(plan.RoundBlocks, plan.Blocks - block);
                WinogradFilterTransforms<V, TScheme> transforms = new(plan, xStart, dyStart, blocks, workers, block);
                context.Workers.Run(count * transforms.BlockChunks, ref transforms);
                WinogradOuterProduct<V, TScheme> product = new(plan, dwStart, blocks, partials, workers, block);
                context.Workers.Run(count * product.BlockChunks, ref product);
            }

            if (plan.RoundBlocks > 1)
            {
                SumPartials<V> sum = new(plan.RoundBlocks, shape.WeightLength, partials, dwStart);
                context.Workers.Run(sum.Chunks, ref sum);
            }
        }
    }
}
