using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>Backward-data by blocked implicit GEMM: a convolution of dy with the filters turned and transposed, which are made in the scratch memory.</summary>
/// <remarks>With a stride above 1, dy is read as if spread with zeros: correct for any shape, wasteful by the stride squared.</remarks>
internal sealed unsafe class BlockedBackwardData<V> : ConvolutionBackwardDataKernel
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    public override string Name => $"blocked-{V.Width * 32}";

    // A packed photo has no gradient to speak of, and no room for whole vectors.
    public override bool Supports(in ConvolutionShape shape, Isa isa) => (int)isa >= V.Width && shape.Input.Pitch % Block == 0;

    public override long ScratchLength(in ConvolutionShape shape, int workers) =>
        shape.WeightLength + (workers * PatchMultiply<V>.SlabLength(TurnedDepth(shape)));

    public override void Run(in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context)
    {
        fixed (float* dyStart = dy, wStart = w, dxStart = dx, scratchStart = scratch)
        {
            TurnFilters turn = new(shape, wStart, scratchStart);
            context.Workers.Run(turn.Chunks, ref turn);
            PatchMultiply<V> job = new(
                PatchSource.Backward(shape, dyStart), scratchStart, dxStart, shape.Input.Pixels, shape.Input.Pitch / Block, default, scratchStart + shape.WeightLength);
            context.Workers.Run(job.Chunks, ref job);
        }
    }

    private static int TurnedDepth(in ConvolutionShape shape) => shape.Window.R * shape.Window.S * shape.Output.Pitch;

    // [K/16][R][S][C][16 of K] → [C/16][R turned][S turned][K][16 of C]; a chunk is one block of 16 input channels.
    private readonly struct TurnFilters(ConvolutionShape shape, float* source, float* destination) : IChunkJob
    {
        private readonly ConvolutionShape _shape = shape;
        private readonly float* _source = source;
        private readonly float* _destination = destination;

        public int Chunks => _shape.Input.Pitch / Block;

        public void Run(int chunk, int worker)
        {
            int taps = _shape.Window.R * _shape.Window.S;
            int pitch = _shape.Input.Pitch;
            int k = _shape.Output.Pitch;
            for (int tap = 0; tap < taps; tap++)
            {
                float* to = _destination + ((((nint)chunk * taps) + (taps - 1 - tap)) * k * Block);
                for (int panel = 0; panel < k / Block; panel++)
                {
                    float* from = _source + (((((nint)panel * taps) + tap) * pitch) + (chunk * Block)) * Block;
                    Transpose16.Run(from, Block, to + ((nint)panel * Block * Block), Block);
                }
            }
        }
    }
}
