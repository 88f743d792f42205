using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Linear;

/// <summary>dw = xᵀ·dy by register tiles, the images being the depth; a chunk is a block of dw. What overwrites is put together in the cache and streamed out.</summary>
internal sealed unsafe class OuterProductBackwardFilter<V> : LinearBackwardFilterKernel
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;
    private const int ImageBlock = 256;
    private const int RowBlock = 256;
    private const int SlabRow = RowBlock + Panel;

    // dy of so many panels is packed once a chunk; two of them make the widest tile, and their block of dw stays in the nearest cache but one.
    private const int GroupPanels = 8;
    private const int TilePanels = 2;

    public override string Name => $"outer-{V.Width * 32}";

    public override bool Supports(in LinearShape shape, Isa isa) => (int)isa >= V.Width;

    public override long ScratchLength(in LinearShape shape, int workers) => workers * WorkerLength(shape);

    public override void Run(
        in LinearShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, bool accumulate, Span<float> dw, Span<float> scratch, KernelContext context)
    {
        fixed (float* xStart = x, dyStart = dy, dwStart = dw, scratchStart = scratch)
        {
            Job job = new(shape, xStart, dyStart, accumulate, dwStart, scratchStart);
            context.Workers.Run(job.Chunks, ref job);
        }
    }

    private static long WorkerLength(in LinearShape shape) => (Math.Min(ImageBlock, shape.Input.N) * (SlabRow + (GroupPanels * Panel))) + (TilePanels * RowBlock * Panel);

    private readonly struct Job(LinearShape shape, float* x, float* dy, bool accumulate, float* dw, float* scratch) : IChunkJob
    {
        private readonly int _images = shape.Input.N;
        private readonly int _features = shape.Depth;
        private readonly int _panels = shape.Output.Pitch / Panel;
        private readonly int _rowChunks = (shape.Depth + RowBlock - 1) / RowBlock;
        private readonly int _slabImages = Math.Min(ImageBlock, shape.Input.N);
        private readonly nint _workerLength = (nint)WorkerLength(shape);
        private readonly bool _stream = !accumulate && Streaming.Pays<V>(shape.WeightLength, dw);
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly bool _accumulate = accumulate;
        private readonly float* _dw = dw;
        private readonly float* _scratch = scratch;

        public int Chunks => _rowChunks * ((_panels + GroupPanels - 1) / GroupPanels);

        public void Run(int chunk, int worker)
        {
            int row = chunk % _rowChunks * RowBlock;
            int rows = Math.Min(RowBlock, _features - row);
            int first = chunk / _rowChunks * GroupPanels;
            int panels = Math.Min(GroupPanels, _panels - first);
            float* slab = _scratch + (worker * _workerLength);
            float* packed = slab + ((nint)_slabImages * SlabRow);
            float* block = packed + ((nint)_slabImages * GroupPanels * Panel);

            // Through the cache only where one block of images is all.
            bool stream = _stream && _images <= ImageBlock;
            for (int image = 0; image < _images; image += ImageBlock)
            {
                int images = Math.Min(ImageBlock, _images - image);
                Gather(image, images, row, rows, first, panels, slab, packed);
                for (int panel = 0; panel < panels; panel += TilePanels)
                {
                    int count = Math.Min(TilePanels, panels - panel);
                    float* b = packed + ((nint)panel * images * Panel);
                    float* dw = _dw + ((((nint)(first + panel) * _features) + row) * Panel);
                    if (stream)
                    {
                        BlockMultiply<V>.Run(rows, count, images, slab, 1, SlabRow, b, (nint)images * Panel, block, Panel, RowBlock * Panel, false);
                        Put(block, count, rows, dw);
                    }
                    else
                    {
                        bool add = _accumulate || image > 0;
                        BlockMultiply<V>.Run(rows, count, images, slab, 1, SlabRow, b, (nint)images * Panel, dw, Panel, (nint)_features * Panel, add);
                    }
                }
            }
        }

        // x[image][features] → slab[image][rows]; dy[image][K] → packed[panel][image][16].
        private void Gather(int image, int images, int row, int rows, int first, int panels, float* slab, float* packed)
        {
            for (int i = 0; i < images; i++)
            {
                Lines<V>.Copy(_x + ((nint)(image + i) * _features) + row, slab + ((nint)i * SlabRow), rows);
                float* dy = _dy + ((((nint)(image + i) * _panels) + first) * Panel);
                for (int panel = 0; panel < panels; panel++)
                {
                    Lines<V>.Copy(dy + ((nint)panel * Panel), packed + ((((nint)panel * images) + i) * Panel), Panel);
                }
            }
        }

        private void Put(float* block, int panels, int rows, float* dw)
        {
            for (int panel = 0; panel < panels; panel++)
            {
                float* from = block + ((nint)panel * RowBlock * Panel);
                float* to = dw + ((nint)panel * _features * Panel);
                for (int i = 0; i < rows * Panel; i += V.Width)
                {
                    V.Stream(V.Load(from + i), to + i);
                }
            }
        }
    }
}
