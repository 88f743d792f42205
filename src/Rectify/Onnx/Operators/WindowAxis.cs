namespace Rectify.Onnx.Operators;

/// <summary>A window that slides along one axis.</summary>
/// <param name="Size">Of the input.</param>
/// <param name="Taps">Numbers that the window looks at.</param>
/// <param name="Stride">From one place to the next.</param>
/// <param name="Dilation">From one tap to the next.</param>
/// <param name="Before">Padding before the input.</param>
/// <param name="After">Padding behind it.</param>
/// <param name="Outputs">Places.</param>
internal readonly record struct WindowAxis(int Size, int Taps, int Stride, int Dilation, int Before, int After, int Outputs)
{
    /// <summary>Where a tap stands in the input; below 0 or beyond its end in the padding.</summary>
    public int At(int output, int tap) => (output * Stride) - Before + (tap * Dilation);

    /// <summary>Taps of a place that stand in the input: from the first to before the last.</summary>
    public (int First, int End) TapsInside(int output)
    {
        int first = CountBelow(0, output);
        return (first, Math.Max(first, CountBelow(Size, output)));
    }

    /// <summary>Taps of a place that stand before a position.</summary>
    public int CountBelow(int position, int output)
    {
        long room = (long)position - At(output, 0);
        return room <= 0 ? 0 : (int)Math.Min(Taps, ((room - 1) / Dilation) + 1);
    }

    /// <summary>Places whose tap stands in the input: from the first to before the last.</summary>
    public (int First, int End) Inside(int tap)
    {
        int shift = Before - (tap * Dilation);
        int first = shift <= 0 ? 0 : (shift + Stride - 1) / Stride;
        int end = Size + shift <= 0 ? 0 : ((Size + shift - 1) / Stride) + 1;
        return (Math.Min(first, Outputs), Math.Clamp(end, Math.Min(first, Outputs), Outputs));
    }
}
