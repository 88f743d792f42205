using Rectify.Kernels.Convolution;
using Rectify.Kernels.Gemm;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Linear;

/// <summary>y = x·wᵀ by register tiles; a chunk is a group of output panels, so that each weight is read once.</summary>
internal sealed unsafe class BlockedForward<V> : LinearForwardKernel
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;
    private const int RowBlock = 112;
    private const int DepthBlock = 256;
    private const int SlabRow = DepthBlock + Panel;

    // Two panels make the widest tile; a slab of inputs serves up to eight, as long as there are chunks enough.
    private const int TilePanels = 2;
    private const int LargestGroup = 8;
    private const int ChunksWanted = 32;

    public override string Name => $"blocked-{V.Width * 32}";

    public override bool Supports(in LinearShape shape, Isa isa) => (int)isa >= V.Width;

    public override long ScratchLength(in LinearShape shape, int workers) => (long)workers * RowBlock * SlabRow;

    public override void Run(in LinearShape shape, in ConvolutionForwardOperands operands, KernelContext context)
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
            Job job = new(shape, x, w, y, epilogue, scratch, context.Workers.Count);
            context.Workers.Run(job.Chunks, ref job);
        }
    }

    private readonly struct Job(LinearShape shape, float* x, float* w, float* y, Epilogue<V> epilogue, float* scratch, int threads) : IChunkJob
    {
        private readonly int _rows = shape.Input.N;
        private readonly int _depth = shape.Depth;
        private readonly int _panels = shape.Output.Pitch / Panel;
        private readonly int _group = Math.Clamp(shape.Output.Pitch / Panel / Math.Max(ChunksWanted, 2 * threads), TilePanels, LargestGroup) / TilePanels * TilePanels;
        private readonly float* _x = x;
        private readonly float* _w = w;
        private readonly float* _y = y;
        private readonly Epilogue<V> _epilogue = epilogue;
        private readonly float* _scratch = scratch;

        public int Chunks => (_panels + _group - 1) / _group;

        public void Run(int chunk, int worker)
        {
            int first = chunk * _group;
            int panels = Math.Min(_group, _panels - first);
            float* slab = _scratch + ((nint)worker * RowBlock * SlabRow);
            nint yRow = (nint)_panels * Panel;
            int blocks = (_rows + RowBlock - 1) / RowBlock;
            for (int from = 0; from < _depth; from += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, _depth - from);
                float* w = _w + ((((nint)first * _depth) + from) * Panel);
                for (int block = 0; block < blocks; block++)
                {
                    int row = (int)((long)_rows * block / blocks);
                    int rows = (int)((long)_rows * (block + 1) / blocks) - row;
                    for (int i = 0; i < rows; i++)
                    {
                        Lines<V>.Copy(_x + ((nint)(row + i) * _depth) + from, slab + ((nint)i * SlabRow), depth);
                    }

                    Multiply(rows, panels, depth, slab, w, _y + (row * yRow) + ((nint)first * Panel), yRow, from);
                }
            }

            _epilogue.Run(_rows, first * Panel, panels * Panel, 0, yRow);
        }

        // The tiles ask for the panels' next slice meanwhile: for few images the multiply-adds wait for the weights. One row of tiles asks for one panel's,
        // two or more for two. The sums are the same.
        private void Multiply(int rows, int panels, int depth, float* slab, float* w, float* y, nint yRow, int from)
        {
            nint panelLength = (nint)_depth * Panel;
            int width = rows <= V.TileRows ? 1 : TilePanels;
            for (int panel = 0; panel < panels; panel += width)
            {
                float* b = w + (panel * panelLength);
                nint next = from + depth < _depth ? (nint)(b + ((nint)depth * Panel) - slab) : 0;
                int count = Math.Min(width, panels - panel);
                BlockMultiply<V>.Run(rows, count, depth, slab, SlabRow, 1, b, panelLength, y + (panel * Panel), yRow, Panel, from > 0, next, panelLength);
            }
        }
    }
}
