using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Gemm;

/// <summary>C = A·B for row-major matrices: packs B into panels, then multiplies blocks. The measure of the micro-kernel; layers have their weights in panels already.</summary>
internal static unsafe class MatrixMultiply
{
    private const int Panel = MapShape.ChannelBlock;
    private const int RowBlock = 112;
    private const int DepthBlock = 512;
    private const int SlabRow = DepthBlock + Panel;

    // An odd number of lines: panels do not fall into one set of the cache.
    private const int PanelLength = (DepthBlock + 1) * Panel;
    private const int PackRows = 16;

    /// <summary>Floats of scratch that a product wants.</summary>
    public static long ScratchLength(int columns, int workers) => ((long)columns / Panel * PanelLength) + ((long)workers * RowBlock * SlabRow);

    /// <summary>Overwrites C. Each element is a sequential sum over each 256 steps of the depth.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="columns">Columns of B and C, a multiple of 16.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="a">[rows,depth].</param>
    /// <param name="b">[depth,columns].</param>
    /// <param name="c">[rows,columns].</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <exception cref="ArgumentException">The columns are no multiple of 16.</exception>
    public static void Run(int rows, int columns, int depth, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, Span<float> scratch, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (columns % Panel != 0)
        {
            throw new ArgumentException($"The product has {columns} columns; pad them to a multiple of {Panel}.", nameof(columns));
        }

        if (depth == 0)
        {
            c[..checked(rows * columns)].Clear();
            return;
        }

        switch (context.Isa)
        {
            case Isa.V512: Start<Lanes512>(rows, columns, depth, a, b, c, scratch, context.Workers); break;
            case Isa.V256: Start<Lanes256>(rows, columns, depth, a, b, c, scratch, context.Workers); break;
            case Isa.V128: Start<Lanes128>(rows, columns, depth, a, b, c, scratch, context.Workers); break;
            default: Start<Lanes1>(rows, columns, depth, a, b, c, scratch, context.Workers); break;
        }
    }

    private static void Start<V>(int rows, int columns, int depth, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, Span<float> scratch, Workers workers)
        where V : struct, ILanes<V>
    {
        fixed (float* aStart = a, bStart = b, cStart = c, scratchStart = scratch)
        {
            for (int from = 0; from < depth; from += DepthBlock)
            {
                int slice = Math.Min(DepthBlock, depth - from);
                PackJob<V> pack = new() { B = bStart + ((nint)from * columns), Packed = scratchStart, Columns = columns, Depth = slice };
                workers.Run((slice + PackRows - 1) / PackRows, ref pack);
                MultiplyJob<V> multiply = new()
                {
                    A = aStart + from,
                    Packed = scratchStart,
                    C = cStart,
                    Slabs = scratchStart + ((nint)columns / Panel * PanelLength),
                    Rows = rows,
                    Columns = columns,
                    Depth = slice,
                    ARow = depth,
                    Accumulate = from > 0,
                };
                workers.Run((rows + RowBlock - 1) / RowBlock, ref multiply);
            }
        }
    }

    private struct PackJob<V> : IChunkJob
        where V : struct, ILanes<V>
    {
        public float* B;
        public float* Packed;
        public int Columns;
        public int Depth;

        public readonly void Run(int chunk, int worker)
        {
            int last = Math.Min(Depth, (chunk + 1) * PackRows);
            for (int p = chunk * PackRows; p < last; p++)
            {
                float* from = B + ((nint)p * Columns);
                float* to = Packed + ((nint)p * Panel);
                for (int panel = 0; panel < Columns / Panel; panel++)
                {
                    Lines<V>.Copy(from + ((nint)panel * Panel), to + ((nint)panel * PanelLength), Panel);
                }
            }
        }
    }

    private struct MultiplyJob<V> : IChunkJob
        where V : struct, ILanes<V>
    {
        public float* A;
        public float* Packed;
        public float* C;
        public float* Slabs;
        public int Rows;
        public int Columns;
        public int Depth;
        public int ARow;
        public bool Accumulate;

        public readonly void Run(int chunk, int worker)
        {
            int chunks = (Rows + RowBlock - 1) / RowBlock;
            int first = (int)((long)Rows * chunk / chunks);
            int rows = (int)((long)Rows * (chunk + 1) / chunks) - first;
            float* slab = Slabs + ((nint)worker * RowBlock * SlabRow);
            for (int i = 0; i < rows; i++)
            {
                Lines<V>.Copy(A + ((nint)(first + i) * ARow), slab + ((nint)i * SlabRow), Depth);
            }

            BlockMultiply<V>.Run(
                rows, Columns / Panel, Depth, slab, SlabRow, 1, Packed, PanelLength, C + ((nint)first * Columns), Columns, Panel, Accumulate);
        }
    }
}
