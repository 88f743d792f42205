namespace Rectify.Data;

/// <summary>For each output position of one axis: which input positions it averages, and with which weights.</summary>
/// <remarks>
/// The triangle filter 1 − |x|, stretched by the reduction (never below 1, so that enlarging interpolates) and normalized, in fixed point with 22
/// bits. The steps and
/// their roundings are those of Pillow's ImagingResample for 8-bit pictures, so that the results are equal to the bit.
/// </remarks>
internal sealed class ResizeCoefficients
{
    /// <summary>Bits after the point of a weight: 32, less 8 of a pixel, less 2 to spare.</summary>
    public const int Precision = 22;

    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>Weights for a part of an axis.</summary>
    /// <param name="from">Length of the axis before.</param>
    /// <param name="to">Length of the whole axis after.</param>
    /// <param name="start">The first output position wanted.</param>
    /// <param name="length">Output positions wanted.</param>
    public ResizeCoefficients(int from, int to, int start, int length)
    {
        double scale = (double)from / to;
        double filterScale = Math.Max(scale, 1.0);
        double inverse = 1.0 / filterScale;
        _stride = ((int)Math.Ceiling(filterScale) * 2) + 1;
        (_first, _count, _weights) = (new int[length], new int[length], new int[length * _stride]);
        Span<double> exact = _stride <= 256 ? stackalloc double[_stride] : new double[_stride];
        for (int i = 0; i < length; i++)
        {
            double center = (start + i + 0.5) * scale;
            int first = Math.Max((int)(center - filterScale + 0.5), 0);
            int count = Math.Min((int)(center + filterScale + 0.5), from) - first;
            double sum = 0;
            for (int k = 0; k < count; k++)
            {
                exact[k] = Math.Max(1.0 - Math.Abs((k + first - center + 0.5) * inverse), 0.0);
                sum += exact[k];
            }

            for (int k = 0; k < count; k++)
            {
                _weights[(i * _stride) + k] = (int)(0.5 + ((sum == 0 ? exact[k] : exact[k] / sum) * (1 << Precision)));
            }

            (_first[i], _count[i]) = (first, count);
        }
    }

    /// <summary>The first input position that any output position needs.</summary>
    public int Begin => _first[0];

    /// <summary>One past the last input position that any output position needs.</summary>
    public int End => _first[^1] + _count[^1];

    /// <summary>The first input position that an output position averages.</summary>
    public int First(int output) => _first[output];

    /// <summary>The weights of the positions from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Weights(int output) => _weights.AsSpan(output * _stride, _count[output]);
}
