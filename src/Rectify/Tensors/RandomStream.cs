using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    internal static (uint X0, uint X1, uint X2, uint X3) Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
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

    /// <summary>The next numbers of <see cref="NextSingle()"/>, as many as the destination holds: the same ones, many at a time.</summary>
    /// <param name="destination">Overwritten.</param>
    public void NextSingles(Span<float> destination)
    {
        int at = 0;
        while (at < destination.Length && _used < 4)
        {
            destination[at++] = NextSingle();
        }

        if (Avx2.IsSupported)
        {
            for (; destination.Length - at >= 32; at += 32, _block += 8)
            {
                EightBlocks(destination.Slice(at, 32));
            }
        }

        while (at < destination.Length)
        {
            destination[at++] = NextSingle();
        }
    }

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

    // Philox for the counters _block.._block + 7, a counter in each 64-bit lane; what stands in the upper halves between the rounds does not matter.
    // Two by two vectors, for a round waits for the one before.
    private readonly void EightBlocks(Span<float> destination)
    {
        Vector256<uint> a0 = Vector256.Create(_block) + Vector256.Create(0u, 0, 1, 0, 2, 0, 3, 0), b0 = a0 + Vector256.Create(4u);
        Vector256<uint> a1 = Vector256.Create(_epoch), a2 = Vector256.Create((uint)_sample), a3 = Vector256.Create((uint)(_sample >> 32));
        (Vector256<uint> b1, Vector256<uint> b2, Vector256<uint> b3) = (a1, a2, a3);
        Vector256<uint> k0 = Vector256.Create(_key0), k1 = Vector256.Create(_key1);
        Vector256<uint> m0 = Vector256.Create(0xD2511F53u), m1 = Vector256.Create(0xCD9E8D57u);
        for (int round = 0; round < 10; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(m0, a0), p1 = Avx2.Multiply(m1, a2), q0 = Avx2.Multiply(m0, b0), q1 = Avx2.Multiply(m1, b2);
            a0 = (p1 >>> 32).AsUInt32() ^ a1 ^ k0;
            b0 = (q1 >>> 32).AsUInt32() ^ b1 ^ k0;
            a2 = (p0 >>> 32).AsUInt32() ^ a3 ^ k1;
            b2 = (q0 >>> 32).AsUInt32() ^ b3 ^ k1;
            (a1, a3, b1, b3) = (p1.AsUInt32(), p0.AsUInt32(), q1.AsUInt32(), q0.AsUInt32());
            k0 += Vector256.Create(0x9E3779B9u);
            k1 += Vector256.Create(0xBB67AE85u);
        }

        Put(a0, a1, a2, a3, destination);
        Put(b0, b1, b2, b3, destination[16..]);
    }

    // Four numbers of each of four blocks, in 64-bit lanes, become block after block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<uint> x0, Vector256<uint> x1, Vector256<uint> x2, Vector256<uint> x3, Span<float> destination)
    {
        Vector256<ulong> low = Vector256.Create(0xFFFFFFFFul);
        Vector256<ulong> first = (x0.AsUInt64() & low) | (x1.AsUInt64() << 32), second = (x2.AsUInt64() & low) | (x3.AsUInt64() << 32);
        Vector256<uint> even = Avx2.UnpackLow(first, second).AsUInt32(), odd = Avx2.UnpackHigh(first, second).AsUInt32();
        Singles(Avx2.Permute2x128(even, odd, 0x20)).CopyTo(destination);
        Singles(Avx2.Permute2x128(even, odd, 0x31)).CopyTo(destination[8..]);
    }

    private static Vector256<float> Singles(Vector256<uint> bits) => Vector256.ConvertToSingle((bits >>> 8).AsInt32()) * (1f / (1 << 24));

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
