using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Linear;

/// <summary>xᵀ·dy by register tiles, the images being the depth; a chunk is a block of the weights, put together piece by piece in the cache and used there.</summary>
/// <remarks>An element is a sequential sum over each 256 images, whatever becomes of it.</remarks>
internal readonly unsafe struct OuterProductJob<V, TUse>(LinearShape shape, float* x, float* dy, float* scratch, TUse use) : IChunkJob
    where V : struct, ILanes<V>
    where TUse : unmanaged, IPieceUse
{
    private const int Panel = MapShape.ChannelBlock;
    private const int ImageBlock = 256;

    // Whole tiles, whether of 14 rows or of 6.
    private const int RowBlock = 252;
    private const int SlabRow = RowBlock + Panel;
    private const int PieceLength = RowBlock * Panel;

    // dy of so many panels is packed once a chunk; two of them make the widest tile, and their pieces stay in the nearest cache but one.
    private const int GroupPanels = 8;
    private const int TilePanels = 2;

    private readonly int _images = shape.Input.N;
    private readonly int _features = shape.Depth;
    private readonly int _panels = shape.Output.Pitch / Panel;
    private readonly int _rowChunks = (shape.Depth + RowBlock - 1) / RowBlock;
    private readonly int _slabImages = Math.Min(ImageBlock, shape.Input.N);
    private readonly int _keptPanels = KeptPanels(shape);
    private readonly nint _workerLength = (nint)WorkerLength(shape);
    private readonly float* _x = x;
    private readonly float* _dy = dy;
    private readonly float* _scratch = scratch;
    private readonly TUse _use = use;

    public int Chunks => _rowChunks * ((_panels + GroupPanels - 1) / GroupPanels);

    /// <summary>Floats of scratch for a worker.</summary>
    public static long WorkerLength(in LinearShape shape) =>
        (Math.Min(ImageBlock, shape.Input.N) * (SlabRow + (GroupPanels * Panel))) + (KeptPanels(shape) * PieceLength);

    public void Run(int chunk, int worker)
    {
        int row = chunk % _rowChunks * RowBlock;
        int rows = Math.Min(RowBlock, _features - row);
        int first = chunk / _rowChunks * GroupPanels;
        int panels = Math.Min(GroupPanels, _panels - first);
        float* slab = _scratch + (worker * _workerLength);
        float* packed = slab + ((nint)_slabImages * SlabRow);
        float* pieces = packed + ((nint)_slabImages * GroupPanels * Panel);
        for (int image = 0; image < _images; image += ImageBlock)
        {
            int images = Math.Min(ImageBlock, _images - image);
            bool complete = image + images == _images;
            Gather(image, images, row, rows, first, panels, slab, packed);
            for (int panel = 0; panel < panels; panel += TilePanels)
            {
                int count = Math.Min(TilePanels, panels - panel);
                float* b = packed + ((nint)panel * images * Panel);
                float* piece = pieces + (panel % _keptPanels * PieceLength);
                nint at = (((nint)(first + panel) * _features) + row) * Panel;

                // Tile by tile: what the next one will meet is fetched meanwhile, and a core can ask for little at once.
                for (int from = 0; from < rows; from += V.TileRows)
                {
                    int some = Math.Min(V.TileRows, rows - from);
                    float* part = piece + (from * Panel);
                    if (complete)
                    {
                        Ask(at, from + V.TileRows, rows, count);
                    }

                    BlockMultiply<V>.Run(some, count, images, slab + from, 1, SlabRow, b, (nint)images * Panel, part, Panel, PieceLength, image > 0);
                    for (int i = 0; complete && i < count; i++)
                    {
                        _use.Use(part + (i * PieceLength), at + ((((nint)i * _features) + from) * Panel), some * Panel);
                    }
                }
            }
        }
    }

    // The next rows of some panels or, after the last, the first ones of the next panels, be there any.
    private void Ask(nint at, int from, int rows, int panels)
    {
        (from, int panel) = from < rows ? (from, 0) : (0, panels);
        for (int i = panel; i < panel + panels; i++)
        {
            _use.Ask(at + ((((nint)i * _features) + from) * Panel), Math.Min(V.TileRows, rows - from) * Panel);
        }
    }

    // Where the images come in several blocks, the sums of all panels of a chunk are kept from one to the next.
    private static int KeptPanels(in LinearShape shape) => shape.Input.N <= ImageBlock ? TilePanels : GroupPanels;

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
}
