namespace Rectify.Onnx.Operators;

/// <summary>The places of a window over depth, rows and columns, the columns running fastest.</summary>
internal static class WindowPlaces
{
    /// <summary>How many places there are.</summary>
    public static int Outputs(WindowAxis[] windows) => windows[0].Outputs * windows[1].Outputs * windows[2].Outputs;

    /// <summary>Numbers of a channel of the input.</summary>
    public static int Inputs(WindowAxis[] windows) => windows[0].Size * windows[1].Size * windows[2].Size;

    /// <summary>Where a place is.</summary>
    public static (int Depth, int Row, int Column) Of(int place, WindowAxis[] windows)
    {
        (int row, int column) = Math.DivRem(place, windows[2].Outputs);
        (int depth, int rowOfDepth) = Math.DivRem(row, windows[1].Outputs);
        return (depth, rowOfDepth, column);
    }
}
