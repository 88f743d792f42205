using Rectify.Kernels.Gemm;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>Implicit GEMM: patches × filters, block by block, with bias and rectifier on each block while it is in the cache.</summary>
/// <remarks>
/// A chunk is <see cref="BlockRows"/> patches × a group of output panels. Patches are gathered a slice of the depth at a time (they fit L2, a tile's rows L1) and the
/// partial sums wait in the output. Copying a patch costs one load and store a vector, against K/16 multiply-adds for it.
/// </remarks>
internal unsafe struct PatchMultiply<V> : IChunkJob
    where V : struct, ILanes<V>
{
    /// <summary>Patches of a chunk: eight tiles of 14 rows.</summary>
    public const int BlockRows = 112;

    private const int DepthBlock = 256;
    private const int Panel = MapShape.ChannelBlock;
    private const int ChunksWanted = 16;

    private readonly PatchSource _patches;
    private readonly float* _filters;
    private readonly float* _y;
    private readonly int _rows;
    private readonly int _panels;
    private readonly int _groups;
    private readonly Epilogue<V> _epilogue;
    private readonly float* _scratch;

    public PatchMultiply(PatchSource patches, float* filters, float* y, int rows, int panels, Epilogue<V> epilogue, float* scratch)
    {
        _patches = patches;
        _filters = filters;
        _y = y;
        _rows = rows;
        _panels = panels;
        _epilogue = epilogue;
        _scratch = scratch;
        int blocks = (rows + BlockRows - 1) / BlockRows;
        _groups = Math.Clamp(ChunksWanted / blocks, 1, (panels + 3) / 4);
        Chunks = blocks * _groups;
    }

    /// <summary>How many chunks the work is cut into, a matter of its shape.</summary>
    public int Chunks { get; }

    /// <summary>Floats of scratch for one worker: a slab of patches.</summary>
    public static long SlabLength(int depth) => (long)BlockRows * SlabRow(SliceOf(depth));

    public readonly void Run(int chunk, int worker)
    {
        int block = chunk / _groups;
        int group = chunk % _groups;
        int first = _panels * group / _groups;
        int panels = (_panels * (group + 1) / _groups) - first;
        int row = block * BlockRows;
        int rows = Math.Min(BlockRows, _rows - row);
        int depth = _patches.Depth;
        int slice = SliceOf(depth);
        nint slabRow = SlabRow(slice);
        nint bPanel = (nint)depth * Panel;
        nint yRow = (nint)_panels * Panel;
        float* slab = _scratch + (worker * SlabLength(depth));
        float* y = _y + (row * yRow) + ((nint)first * Panel);
        for (int from = 0; from < depth; from += slice)
        {
            int to = Math.Min(depth, from + slice);
            _patches.Gather<V>(row, rows, from, to, slab, slabRow);
            float* filters = _filters + (first * bPanel) + ((nint)from * Panel);
            BlockMultiply<V>.Run(rows, panels, to - from, slab, slabRow, 1, filters, bPanel, y, yRow, Panel, from > 0);
        }

        _epilogue.Run(rows, first * Panel, panels * Panel, (nint)row * yRow, yRow);
    }

    // Equal slices of at most DepthBlock, in whole lines of 16.
    private static int SliceOf(int depth)
    {
        int slices = (depth + DepthBlock - 1) / DepthBlock;
        return ((((depth + slices - 1) / slices) + Panel - 1) / Panel) * Panel;
    }

    // An odd number of lines, so that the rows of a tile do not fall into one set of the cache.
    private static int SlabRow(int slice) => ((slice / Panel) | 1) * Panel;
}
