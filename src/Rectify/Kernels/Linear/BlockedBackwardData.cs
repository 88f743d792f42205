using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Linear;

/// <summary>dx = dy·w by register tiles; a chunk is at most 128 features of all images, whose weights are transposed on the way, so each is read once.</summary>
internal sealed unsafe class BlockedBackwardData<V> : LinearBackwardDataKernel
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;
    private const int RowBlock = 112;
    private const int DepthBlock = 256;
    private const int SlabRow = DepthBlock + Panel;
    private const int LargestGroup = 8;
    private const int SmallestGroup = 2;
    private const int WorkerLength = (RowBlock * SlabRow) + (LargestGroup * DepthBlock * Panel);

    public override string Name => $"blocked-{V.Width * 32}";

    public override bool Supports(in LinearShape shape, Isa isa) => (int)isa >= V.Width && shape.Depth % Panel == 0;

    public override long ScratchLength(in LinearShape shape, int workers) => (long)workers * WorkerLength;

    public override void Run(in LinearShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx, Span<float> scratch, KernelContext context)
    {
        fixed (float* dyStart = dy, wStart = w, dxStart = dx, scratchStart = scratch)
        {
            Job job = new(shape, dyStart, wStart, dxStart, scratchStart, context.Workers.Count);
            context.Workers.Run(job.Chunks, ref job);
        }
    }

    private readonly struct Job(LinearShape shape, float* dy, float* w, float* dx, float* scratch, int threads) : IChunkJob
    {
        private readonly int _rows = shape.Input.N;
        private readonly int _features = shape.Depth;
        private readonly int _k = shape.Output.Pitch;
        private readonly int _group = Math.Clamp(shape.Depth / Panel / (2 * threads), SmallestGroup, LargestGroup);
        private readonly float* _dy = dy;
        private readonly float* _w = w;
        private readonly float* _dx = dx;
        private readonly float* _scratch = scratch;

        public int Chunks => ((_features / Panel) + _group - 1) / _group;

        public void Run(int chunk, int worker)
        {
            int first = chunk * _group;
            int panels = Math.Min(_group, (_features / Panel) - first);
            float* slab = _scratch + ((nint)worker * WorkerLength);
            float* turned = slab + (RowBlock * SlabRow);
            int blocks = (_rows + RowBlock - 1) / RowBlock;
            for (int from = 0; from < _k; from += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, _k - from);
                Turn(first, panels, from, depth, turned);
                for (int block = 0; block < blocks; block++)
                {
                    int row = (int)((long)_rows * block / blocks);
                    int rows = (int)((long)_rows * (block + 1) / blocks) - row;
                    for (int i = 0; i < rows; i++)
                    {
                        Lines<V>.Copy(_dy + ((nint)(row + i) * _k) + from, slab + ((nint)i * SlabRow), depth);
                    }

                    float* dx = _dx + ((nint)row * _features) + ((nint)first * Panel);
                    BlockMultiply<V>.Run(rows, panels, depth, slab, SlabRow, 1, turned, DepthBlock * Panel, dx, _features, Panel, from > 0);
                }
            }
        }

        // w[k/16][feature][16 of k] → turned[feature/16][k][16 of feature]
        private void Turn(int first, int panels, int from, int depth, float* turned)
        {
            for (int k = 0; k < depth; k += Panel)
            {
                // The next panel's share lies far away, in another page, where no hardware looks: it is asked for one step ahead.
                float* w = _w + ((((nint)(from + k) / Panel * _features) + ((nint)first * Panel)) * Panel);
                float* ahead = from + k + Panel < _k ? w + ((nint)_features * Panel) : w;
                for (int panel = 0; panel < panels; panel++)
                {
                    for (int line = 0; line < Panel; line++)
                    {
                        Tile<V>.Prefetch((byte*)(ahead + (((panel * Panel) + line) * Panel)));
                    }

                    Transpose16.Run(w + (panel * Panel * Panel), Panel, turned + (((panel * DepthBlock) + k) * Panel), Panel);
                }
            }
        }
    }
}
