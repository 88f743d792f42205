using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>How tiles of m×m outputs cover the output maps of a convolution, and which patches of inputs they read; see <see cref="IWinograd"/>.</summary>
/// <remarks>Tiles are numbered image by image, row by row. Those at the right and lower edges may reach beyond the map, patches beyond the input on all sides.</remarks>
internal readonly struct TileGrid
{
    private readonly int _padTop;
    private readonly int _padLeft;

    private TileGrid(MapShape input, MapShape output, int size, int taps, int padTop, int padLeft)
    {
        Input = input;
        Output = output;
        Size = size;
        PatchSize = size + taps - 1;
        _padTop = padTop;
        _padLeft = padLeft;
        Rows = (output.H + Size - 1) / Size;
        Columns = (output.W + Size - 1) / Size;
    }

    /// <summary>m: rows and columns of a tile of outputs.</summary>
    public int Size { get; }

    /// <summary>n: rows and columns of the patch of inputs under it.</summary>
    public int PatchSize { get; }

    /// <summary>n²: products of a tile.</summary>
    public int Points => PatchSize * PatchSize;

    /// <summary>The maps that patches are read from.</summary>
    public MapShape Input { get; }

    /// <summary>The maps that tiles cover.</summary>
    public MapShape Output { get; }

    /// <summary>Rows of tiles of an image.</summary>
    public int Rows { get; }

    /// <summary>Columns of tiles.</summary>
    public int Columns { get; }

    /// <summary>Tiles of the batch.</summary>
    public int Count => Output.N * Rows * Columns;

    /// <summary>x → y.</summary>
    public static TileGrid Forward<TScheme>(in ConvolutionShape shape)
        where TScheme : IWinograd =>
        new(shape.Input, shape.Output, TScheme.Size, TScheme.Taps, shape.Window.PadTop, shape.Window.PadLeft);

    /// <summary>dy → dx: the filters are turned, so the padding is what is left of r − 1.</summary>
    public static TileGrid Backward<TScheme>(in ConvolutionShape shape)
        where TScheme : IWinograd =>
        new(shape.Output, shape.Input, TScheme.Size, TScheme.Taps, TScheme.Taps - 1 - shape.Window.PadTop, TScheme.Taps - 1 - shape.Window.PadLeft);

    /// <summary>The m×m outputs of a tile.</summary>
    public TileArea Outputs(int tile)
    {
        int row = tile / Columns % Rows * Size;
        return new TileArea(Output, tile / Columns / Rows, row, tile % Columns * Size, Size);
    }

    /// <summary>The n×n inputs of a tile.</summary>
    public TileArea Inputs(int tile)
    {
        int row = (tile / Columns % Rows * Size) - _padTop;
        return new TileArea(Input, tile / Columns / Rows, row, (tile % Columns * Size) - _padLeft, PatchSize);
    }
}

/// <summary>A square of pixels, of which some may lie outside the map.</summary>
internal readonly struct TileArea
{
    public TileArea(in MapShape map, int image, int row, int column, int size)
    {
        Size = size;
        Offset = ((((nint)image * map.H) + row) * map.W + column) * map.Pitch;
        RowLength = (nint)map.W * map.Pitch;
        Pitch = map.Pitch;
        FirstRow = Math.Clamp(-row, 0, size);
        EndRow = Math.Clamp(map.H - row, FirstRow, size);
        FirstColumn = Math.Clamp(-column, 0, size);
        EndColumn = Math.Clamp(map.W - column, FirstColumn, size);
    }

    /// <summary>Rows and columns.</summary>
    public int Size { get; }

    /// <summary>Floats from the start of the maps to the first pixel, which may lie outside.</summary>
    public nint Offset { get; }

    /// <summary>Floats from a row to the next.</summary>
    public nint RowLength { get; }

    /// <summary>Floats from a pixel to the next.</summary>
    public nint Pitch { get; }

    /// <summary>First row of the square inside the map.</summary>
    public int FirstRow { get; }

    /// <summary>Row behind the last inside.</summary>
    public int EndRow { get; }

    /// <summary>First column of the square inside the map.</summary>
    public int FirstColumn { get; }

    /// <summary>Column behind the last inside.</summary>
    public int EndColumn { get; }

    /// <summary>Whether all of it lies inside.</summary>
    public bool IsWhole => FirstRow == 0 && FirstColumn == 0 && EndRow == Size && EndColumn == Size;
}
