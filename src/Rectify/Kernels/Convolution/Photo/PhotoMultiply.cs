using Rectify.Kernels.Gemm;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>Patches × filters, strip by strip: register tiles read the patches from padded rows in place, and what they make goes through bias and rectifier to y.</summary>
internal readonly unsafe struct PhotoMultiply<V> : IChunkJob
    where V : struct, ILanes<V>
{
    // Few enough that the rows stay in L2 while all filters pass, many enough that copying them is nothing.
    private const int StripPixels = 448;
    private const int Panel = MapShape.ChannelBlock;

    private readonly ConvolutionShape _shape;
    private readonly PaddedRows _rows;
    private readonly float* _x;
    private readonly float* _w;
    private readonly Epilogue<V> _epilogue;
    private readonly float* _scratch;

    public PhotoMultiply(in ConvolutionShape shape, float* x, float* w, Epilogue<V> epilogue, float* scratch)
    {
        _shape = shape;
        _rows = new PaddedRows(shape, StripPixels);
        _x = x;
        _w = w;
        _epilogue = epilogue.ForMap(shape.Output.Length);
        _scratch = scratch;
    }

    /// <summary>How many chunks the work is cut into, a matter of its shape.</summary>
    public int Chunks => _shape.Input.N * _rows.Strips;

    // Panels that a tile of two vectors is wide.
    private static int TilePanels => Math.Max(1, 2 * V.Width / Panel);

    // Pixels that are multiplied before they are put: one large tile, or a few small ones.
    private static int SpanPixels => V.TileRows * (V.Width < Panel ? 4 : 1);

    private static int SumsLength => TilePanels * SpanPixels * Panel;

    /// <summary>Floats of scratch for one worker: the padded rows and a tile's sums.</summary>
    public static long WorkerLength(in ConvolutionShape shape) => new PaddedRows(shape, StripPixels).Length + SumsLength;

    public void Run(int chunk, int worker)
    {
        float* sums = _scratch + (worker * (_rows.Length + SumsLength));
        float* rows = sums + SumsLength;
        _rows.Copy<V>(_x, chunk, rows);
        int panels = _shape.Output.Pitch / Panel;
        int spans = (_rows.Columns + SpanPixels - 1) / SpanPixels;
        nint pixel = _rows.PixelsBefore(chunk);
        for (int panel = 0; panel < panels; panel += TilePanels)
        {
            for (int row = 0; row < _rows.RowsOf(chunk); row++)
            {
                for (int span = 0; span < spans; span++)
                {
                    int from = _rows.Columns * span / spans;
                    int to = _rows.Columns * (span + 1) / spans;
                    float* patches = rows + ((nint)row * _rows.RowStep) + ((nint)from * _rows.PixelStep);
                    nint offset = (pixel + ((nint)row * _rows.Columns) + from) * _shape.Output.Pitch;
                    Multiply(patches, to - from, panel, Math.Min(TilePanels, panels - panel), sums, offset);
                }
            }
        }

        _epilogue.Fence();
    }

    // Some pixels of a row, all filters of one tile's panels.
    private void Multiply(float* patches, int pixels, int panel, int panels, float* sums, nint offset)
    {
        int depth = _shape.Depth;
        float* filters = _w + ((nint)panel * depth * Panel);
        int tiles = (pixels + V.TileRows - 1) / V.TileRows;
        Tile<V> tile = new()
        {
            ARow = (nint)_rows.PixelStep * sizeof(float),
            AStep = sizeof(float),
            Depth = _rows.Run,
            MoreLines = _shape.Window.R - 1,
            ASkip = (nint)(_rows.Line - _rows.Run) * sizeof(float),
            CRow = Panel,
            Ahead = patches,
        };
        _epilogue.Prefetch(pixels, panels, offset + ((nint)panel * Panel), _shape.Output.Pitch);
        for (int column = 0; column < panels * Panel; column += 2 * V.Width)
        {
            int second = column + V.Width;
            tile.B0 = filters + ((nint)(column / Panel) * depth * Panel) + (column % Panel);
            tile.B1 = filters + ((nint)(second / Panel) * depth * Panel) + (second % Panel);
            for (int t = 0; t < tiles; t++)
            {
                int from = pixels * t / tiles;
                int to = pixels * (t + 1) / tiles;
                tile.A = patches + ((nint)from * _rows.PixelStep);
                tile.C0 = sums + (((column / Panel * SpanPixels) + from) * Panel) + (column % Panel);
                tile.C1 = sums + (((second / Panel * SpanPixels) + from) * Panel) + (second % Panel);
                if (second < panels * Panel)
                {
                    Tiles2<V>.Run(to - from, tile);
                }
                else
                {
                    Tiles1<V>.Run(to - from, tile);
                }
            }
        }

        for (int i = 0; i < panels; i++)
        {
            int channel = (panel + i) * Panel;
            _epilogue.Put(sums + (i * SpanPixels * Panel), 0, 1, pixels, channel, offset + channel, 0, _shape.Output.Pitch);
        }
    }
}
