using Rectify.Kernels.Convolution;
using Rectify.Kernels.Gemm;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Linear;

/// <summary>y = x·wᵀ by register tiles; a chunk is a group of output panels, so that each weight is read once for up to 112 images.</summary>
internal sealed unsafe class BlockedForward<V> : LinearForwardKernel
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;
    private const int RowBlock = 112;
    private const int DepthBlock = 256;
    private const int SlabRow = DepthBlock + Panel;

    // Two panels make the widest tile.
    private const int GroupPanels = 2;

    // With more images the multiply-adds take longer than the weights' way from memory.
    private const int LargestWaiting = 16;

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
            Job job = new(shape, x, w, y, epilogue, scratch);
            context.Workers.Run(job.Chunks, ref job);
        }
    }

    private readonly struct Job(LinearShape shape, float* x, float* w, float* y, Epilogue<V> epilogue, float* scratch) : IChunkJob
    {
        private readonly int _rows = shape.Input.N;
        private readonly int _depth = shape.Depth;
        private readonly int _panels = shape.Output.Pitch / Panel;
        private readonly float* _x = x;
        private readonly float* _w = w;
        private readonly float* _y = y;
        private readonly Epilogue<V> _epilogue = epilogue;
        private readonly float* _scratch = scratch;

        public int Chunks => (_panels + GroupPanels - 1) / GroupPanels;

        public void Run(int chunk, int worker)
        {
            int first = chunk * GroupPanels;
            int panels = Math.Min(GroupPanels, _panels - first);
            float* slab = _scratch + ((nint)worker * RowBlock * SlabRow);
            nint yRow = (nint)_panels * Panel;
            for (int row = 0; row < _rows; row += RowBlock)
            {
                int rows = Math.Min(RowBlock, _rows - row);
                float* y = _y + (row * yRow) + ((nint)first * Panel);
                for (int from = 0; from < _depth; from += DepthBlock)
                {
                    int depth = Math.Min(DepthBlock, _depth - from);
                    for (int i = 0; i < rows; i++)
                    {
                        Lines<V>.Copy(_x + ((nint)(row + i) * _depth) + from, slab + ((nint)i * SlabRow), depth);
                    }

                    float* w = _w + ((((nint)first * _depth) + from) * Panel);
                    Multiply(rows, panels, depth, slab, w, y, yRow, from);
                }

                _epilogue.Run(rows, first * Panel, panels * Panel, row * yRow, yRow);
            }
        }

        // Few images wait for the weights: then panel by panel, the tile asking for the panel's next slice meanwhile. The sums are the same.
        private void Multiply(int rows, int panels, int depth, float* slab, float* w, float* y, nint yRow, int from)
        {
            nint panelLength = (nint)_depth * Panel;
            if (rows > LargestWaiting)
            {
                BlockMultiply<V>.Run(rows, panels, depth, slab, SlabRow, 1, w, panelLength, y, yRow, Panel, from > 0);
                return;
            }

            for (int panel = 0; panel < panels; panel++)
            {
                float* b = w + (panel * panelLength);
                nint next = from + depth < _depth ? (nint)(b + ((nint)depth * Panel) - slab) : 0;
                BlockMultiply<V>.Run(rows, 1, depth, slab, SlabRow, 1, b, panelLength, y + (panel * Panel), yRow, Panel, from > 0, next);
            }
        }
    }
}
