using System.Runtime.CompilerServices;

namespace Rectify.Tensors;

/// <summary>Counter-based random numbers: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw, SC 2011).</summary>
/// <remarks>
/// The key is made of (seed, purpose, lane), the counter of (epoch, sample, draw), so any number of any stream can be had without those before it: what a
/// sample draws depends on neither the order of the samples nor the number of threads. A value type: copying it copies its position.
/// </remarks>
public struct RandomStream
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _epoch;
    private readonly ulong _sample;
    private uint _block;
    private int _used;
    private uint _r0, _r1, _r2, _r3;

    /// <summary>Opens the stream of one (seed, purpose, lane, epoch, sample).</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="epoch">Epoch or step.</param>
    /// <param name="sample">Index of the sample.</param>
    /// <param name="lane">Tells streams of one purpose apart: the index of a layer or parameter.</param>
    public RandomStream(ulong seed, RandomPurpose purpose, uint epoch, ulong sample, int lane = 0)
    {
        ulong key = Mix(seed ^ Mix(((ulong)(uint)lane << 32) | (uint)purpose));
        _key0 = (uint)key;
        _key1 = (uint)(key >> 32);
        _epoch = epoch;
        _sample = sample;
        _used = 4;
    }

    /// <summary>Four numbers of 32 random bits for a counter and a key: the function that everything here draws from.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53ul * c0;
            ulong p1 = 0xCD9E8D57ul * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>32 random bits.</summary>
    public uint NextBits()
    {
        if (_used == 4)
        {
            (_r0, _r1, _r2, _r3) = Philox(_block++, _epoch, (uint)_sample, (uint)(_sample >> 32), _key0, _key1);
            _used = 0;
        }

        return _used++ switch { 0 => _r0, 1 => _r1, 2 => _r2, _ => _r3 };
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻²⁴.</summary>
    public float NextSingle() => (NextBits() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float NextSingle(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>Uniform in 0..<paramref name="bound"/>−1, without bias to speak of (2⁻³² · bound).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(((ulong)NextBits() * (uint)bound) >> 32);
    }

    /// <summary>True with probability ½.</summary>
    public bool NextBool() => (NextBits() & 1) == 1;

    /// <summary>Standard normal, by Box and Muller in double precision (the cosine half; two draws a number).</summary>
    public double NextGaussian()
    {
        double u = (NextBits() + 1.0) * (1.0 / 4294967296.0);
        double v = NextBits() * (1.0 / 4294967296.0);
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * v);
    }

    /// <summary>A permutation of 0..<paramref name="count"/>−1 (Fisher and Yates).</summary>
    public int[] NextPermutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = NextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong x)
    {
        // The finalizer of SplitMix64: neighbouring seeds and lanes become unrelated keys.
        x += 0x9E3779B97F4A7C15ul;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ul;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBul;
        return x ^ (x >> 31);
    }
}
