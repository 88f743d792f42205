using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>dw[row,k] += Σ over pixels of patch[pixel,row]·dy[pixel,k]: the rows of a tile are neighbours in a padded row, its depth are a strip's pixels.</summary>
internal readonly unsafe struct PhotoOuterProduct<V> : IChunkJob
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;

    private readonly ConvolutionShape _shape;
    private readonly PhotoFilterPlan _plan;
    private readonly float* _x;
    private readonly float* _dy;
    private readonly float* _dw;
    private readonly float* _scratch;

    public PhotoOuterProduct(in ConvolutionShape shape, in PhotoFilterPlan plan, float* x, float* dy, float* dw, float* scratch, int workers)
    {
        _shape = shape;
        _plan = plan;
        _x = x;
        _dy = dy;
        _dw = dw;
        _scratch = scratch;
        Partials = scratch + (workers * plan.WorkerLength);
    }

    /// <summary>Partial sums by group, each laid out like dw; used where there is more than one group.</summary>
    public float* Partials { get; }

    public void Run(int chunk, int worker)
    {
        bool partial = _plan.Groups > 1;
        float* dw = partial ? Partials + ((nint)chunk * _plan.WeightLength) : _dw;
        float* rows = _scratch + (worker * _plan.WorkerLength);
        float* packed = rows + _plan.Rows.Length;
        int first = _plan.First(chunk);
        int end = _plan.First(chunk + 1);
        for (int strip = first; strip < end; strip++)
        {
            int pixels = _plan.Rows.RowsOf(strip) * _plan.Rows.Columns;
            _plan.Rows.Copy<V>(_x, strip, rows);
            Pack(_plan.Rows.PixelsBefore(strip), pixels, packed);
            Multiply(strip, strip + 1 < end, rows, packed, dw, !partial || strip > first);
        }
    }

    // dy[pixel][K] → [panels][pixel][16]
    private void Pack(int pixel, int pixels, float* packed)
    {
        int k = _shape.Output.Pitch;
        float* from = _dy + ((nint)pixel * k);
        for (int i = 0; i < pixels; i++, packed += Panel)
        {
            float* to = packed;
            for (int j = 0; j < k; j += Panel, from += Panel, to += (nint)pixels * Panel)
            {
                Lines<V>.Copy(from, to, Panel);
            }
        }
    }

    // Meanwhile the next strip's dy is fetched into L2, of which each step of each tile asks for its share.
    private void Multiply(int strip, bool more, float* rows, float* packed, float* dw, bool accumulate)
    {
        PaddedRows patches = _plan.Rows;
        int outputRows = patches.RowsOf(strip);
        nint panel = (nint)outputRows * patches.Columns * Panel;
        nint dwPanel = (nint)_shape.Depth * Panel;
        int tiles = (patches.Run + V.TileRows - 1) / V.TileRows;
        int columns = (_shape.Output.Pitch + (2 * V.Width) - 1) / (2 * V.Width);
        byte* ahead = (byte*)(_dy + ((nint)patches.PixelsBefore(strip + (more ? 1 : 0)) * _shape.Output.Pitch));
        nint share = more ? ((_shape.Output.Pitch * sizeof(float)) / (columns * _shape.Window.R * tiles)) + 1 : 0;
        for (int column = 0; column < _shape.Output.Pitch; column += 2 * V.Width)
        {
            int second = column + V.Width;
            float* c0 = dw + (column / Panel * dwPanel) + (column % Panel);
            float* c1 = dw + (second / Panel * dwPanel) + (second % Panel);
            Tile<V> tile = new()
            {
                ARow = sizeof(float),
                AStep = (nint)patches.PixelStep * sizeof(float),
                Depth = patches.Columns,
                MoreLines = outputRows - 1,
                ASkip = ((nint)patches.RowStep - ((nint)patches.Columns * patches.PixelStep)) * sizeof(float),
                B0 = packed + (column / Panel * panel) + (column % Panel),
                B1 = packed + (second / Panel * panel) + (second % Panel),
                CRow = Panel,
                Accumulate = accumulate,
                AheadStep = share,
            };
            for (int i = 0; i < _shape.Window.R * tiles; i++)
            {
                int r = i / tiles;
                int from = patches.Run * (i % tiles) / tiles;
                int to = patches.Run * ((i % tiles) + 1) / tiles;
                nint row = ((nint)r * patches.Run) + from;
                tile.A = rows + ((nint)r * patches.Line) + from;
                tile.Ahead = (float*)ahead;
                ahead += share * outputRows * patches.Columns;
                tile.C0 = c0 + (row * Panel);
                tile.C1 = c1 + (row * Panel);
                if (second < _shape.Output.Pitch)
                {
                    Tiles2<V>.Run(to - from, tile);
                }
                else
                {
                    Tiles1<V>.Run(to - from, tile);
                }
            }
        }
    }
}
