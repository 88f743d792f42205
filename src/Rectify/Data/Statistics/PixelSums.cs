namespace Rectify.Data;

/// <summary>Sums over crops of bytes: of each position, and of the products of channels. Whole numbers, so exact, in any order.</summary>
internal sealed class PixelSums(int length)
{
    private readonly long[] _positions = new long[length];
    private readonly Int128[] _products = new Int128[9];

    /// <summary>Crops that were added.</summary>
    public int Crops { get; private set; }

    /// <summary>[size,size,3] sums.</summary>
    public ReadOnlySpan<long> Positions => _positions;

    /// <summary>Adds a crop.</summary>
    /// <param name="crop">[size,size,3] values 0..255, all whole.</param>
    public void Add(ReadOnlySpan<float> crop)
    {
        long rr = 0, rg = 0, rb = 0, gg = 0, gb = 0, bb = 0;
        for (int i = 0; i < crop.Length; i += 3)
        {
            int r = (int)crop[i], g = (int)crop[i + 1], b = (int)crop[i + 2];
            (_positions[i], _positions[i + 1], _positions[i + 2]) = (_positions[i] + r, _positions[i + 1] + g, _positions[i + 2] + b);
            rr += r * r;
            rg += r * g;
            rb += r * b;
            gg += g * g;
            gb += g * b;
            bb += b * b;
        }

        ReadOnlySpan<long> all = [rr, rg, rb, rg, gg, gb, rb, gb, bb];
        for (int i = 0; i < all.Length; i++)
        {
            _products[i] += all[i];
        }

        Crops++;
    }

    /// <summary>Adds another one's sums.</summary>
    public void Add(PixelSums other)
    {
        for (int i = 0; i < _positions.Length; i++)
        {
            _positions[i] += other._positions[i];
        }

        for (int i = 0; i < _products.Length; i++)
        {
            _products[i] += other._products[i];
        }

        Crops += other.Crops;
    }

    /// <summary>The mean of each channel over all pixels.</summary>
    public double[] Means() => [.. Enumerable.Range(0, 3).Select(c => (double)Channel(c) / Pixels)];

    /// <summary>The 3×3 covariance of the channels over all pixels, divided by their number: rounded once, at the end.</summary>
    public double[,] Covariance()
    {
        Int128 n = Pixels;
        double[,] covariance = new double[3, 3];
        for (int a = 0; a < 3; a++)
        {
            for (int b = 0; b < 3; b++)
            {
                covariance[a, b] = (double)((n * _products[(3 * a) + b]) - (Channel(a) * Channel(b))) / ((double)n * (double)n);
            }
        }

        return covariance;
    }

    private long Pixels => (long)Crops * (_positions.Length / 3);

    private Int128 Channel(int channel)
    {
        Int128 sum = 0;
        for (int i = channel; i < _positions.Length; i += 3)
        {
            sum += _positions[i];
        }

        return sum;
    }
}
