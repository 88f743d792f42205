namespace Rectify.Tensors;

/// <summary>A window that slides over maps: a filter's or a pool's rows R and columns S, its strides, and the padding on each side.</summary>
/// <param name="R">Rows.</param>
/// <param name="S">Columns.</param>
/// <param name="StrideH">Step between output rows.</param>
/// <param name="StrideW">Step between output columns.</param>
/// <param name="PadTop">Rows of padding above.</param>
/// <param name="PadLeft">Columns of padding at the left.</param>
/// <param name="PadBottom">Rows of padding below.</param>
/// <param name="PadRight">Columns of padding at the right.</param>
public readonly record struct Window(int R, int S, int StrideH, int StrideW, int PadTop, int PadLeft, int PadBottom, int PadRight)
{
    /// <summary>A square window with one stride and the same padding on all sides.</summary>
    public static Window Square(int size, int stride = 1, int pad = 0) => new(size, size, stride, stride, pad, pad, pad, pad);

    /// <summary>Rows of output: (H + padding − R) / stride + 1, the division rounded down or up. Rounded up, a last window that would
    /// begin beyond the map and the padding above it is left out. 0 where the window is larger than the padded map.</summary>
    public int OutputRows(int h, bool roundUp = false) => Outputs(h, R, StrideH, PadTop, PadBottom, roundUp);

    /// <summary>Columns of output, likewise.</summary>
    public int OutputColumns(int w, bool roundUp = false) => Outputs(w, S, StrideW, PadLeft, PadRight, roundUp);

    /// <summary>Throws unless sizes and strides are positive and paddings are not negative.</summary>
    /// <param name="owner">Whose window it is, for the message.</param>
    /// <exception cref="RectifyException">The window makes no sense.</exception>
    public void Validate(string owner)
    {
        if (R < 1 || S < 1 || StrideH < 1 || StrideW < 1 || PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0)
        {
            throw new RectifyException($"{owner}: the window {this} must have rows, columns and strides of at least 1 and paddings of at least 0.");
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string stride = StrideH == 1 && StrideW == 1 ? "" : StrideH == StrideW ? $" /{StrideH}" : $" /{StrideH}×{StrideW}";
        bool even = PadTop == PadLeft && PadTop == PadBottom && PadTop == PadRight;
        string pad = even ? (PadTop == 0 ? "" : $" pad {PadTop}") : $" pad {PadTop},{PadLeft},{PadBottom},{PadRight}";
        return $"{R}×{S}{stride}{pad}";
    }

    private static int Outputs(int size, int taps, int stride, int before, int after, bool roundUp)
    {
        int room = size + before + after - taps;
        if (room < 0)
        {
            return 0;
        }

        int outputs = ((room + (roundUp ? stride - 1 : 0)) / stride) + 1;
        return roundUp && (outputs - 1) * stride >= size + before ? outputs - 1 : outputs;
    }
}
