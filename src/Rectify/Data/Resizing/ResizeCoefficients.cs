using System.Buffers;

namespace Rectify.Data;

/// <summary>For each output position of one axis: which input positions it averages, and with which weights.</summary>
/// <remarks>
/// The triangle filter 1 − |x|, stretched by the reduction (never below 1, so that enlarging interpolates) and normalized, in fixed point with 22
/// bits. The steps and their roundings are those of Pillow's ImagingResample for 8-bit pictures, so that the results are equal to the bit. Its memory is
/// lent; give it back with <see cref="Dispose"/>, once.
/// </remarks>
internal readonly struct ResizeCoefficients : IDisposable
{
    /// <summary>Bits after the point of a weight: 32, less 8 of a pixel, less 2 to spare.</summary>
    public const int Precision = 22;

    /// <summary>Where a sum begins, so that cutting the bits after the point rounds to the nearest.</summary>
    public const int Half = 1 << (Precision - 1);

    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>Weights for a part of an axis.</summary>
    /// <param name="from">Input positions.</param>
    /// <param name="extent">How much of them the axis takes; less than <paramref name="from"/> where the last one is there in part.</param>
    /// <param name="to">Length of the whole axis after.</param>
    /// <param name="start">The first output position wanted.</param>
    /// <param name="length">Output positions wanted.</param>
    public ResizeCoefficients(int from, double extent, int to, int start, int length)
    {
        double scale = extent / to;
        double filterScale = Math.Max(scale, 1.0);
        double inverse = 1.0 / filterScale;
        _stride = ((int)Math.Ceiling(filterScale) * 2) + 1;
        Length = length;
        _first = ArrayPool<int>.Shared.Rent(length);
        _count = ArrayPool<int>.Shared.Rent(length);
        _weights = ArrayPool<int>.Shared.Rent(checked(length * _stride));
        int most = 0;
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
            most = Math.Max(most, count);
        }

        MaxCount = most;
    }

    /// <summary>Output positions.</summary>
    public int Length { get; }

    /// <summary>The most input positions that an output position averages.</summary>
    public int MaxCount { get; }

    /// <summary>The first input position that an output position averages.</summary>
    public int First(int output) => _first[output];

    /// <summary>The weights of the positions from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Weights(int output) => _weights.AsSpan(output * _stride, _count[output]);

    /// <summary>A sum of weighted levels as a level.</summary>
    public static byte Level(int sum) => (byte)Math.Min(sum >> Precision, 255);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_count);
        ArrayPool<int>.Shared.Return(_weights);
    }
}
