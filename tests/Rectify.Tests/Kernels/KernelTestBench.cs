using System.Runtime.InteropServices;
using Rectify.Kernels;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels;

// What the tests of all kernels share: which kernels there are, numbers to feed them, and how near is near enough.
internal static class KernelTestBench
{
    // 2⁻²³, the distance from 1 to the next float; a rounding errs by at most half of it.
    public const double Epsilon = 1.1920929e-7;

    // A float32 sum of n terms errs by at most n·(ε/2)·Σ|terms|, whatever its order; roundings of random sign err by about √n·(ε/2)·Σ|terms| at most.
    // Two gives four times that.
    public const double SafetyFactor = 2.0;

    public static IReadOnlyList<Isa> Widths { get; } = [.. Enum.GetValues<Isa>().Where(isa => isa <= IsaDetection.Widest)];

    public static IReadOnlyList<int> WorkerCounts { get; } = [1, 2, 4, 24];

    public static TheoryData<Isa> WidthData => [.. Widths];

    // The names of a table's kernels that this machine can run: those whose name ends in a width that it has, and the reference.
    public static TheoryData<string> Runnable<TKernel, TShape>(KernelTable<TKernel, TShape> table)
        where TKernel : Kernel<TShape>
        where TShape : struct
    {
        TheoryData<string> names = [];
        foreach (TKernel kernel in table)
        {
            if (CanRun(kernel.Name))
            {
                names.Add(kernel.Name);
            }
        }

        return names;
    }

    public static bool CanRun(string name)
    {
        int dash = name.LastIndexOf('-');
        return dash < 0 || int.Parse(name[(dash + 1)..], null) <= (int)IsaDetection.Widest * 32;
    }

    public static TKernel Named<TKernel, TShape>(this KernelTable<TKernel, TShape> table, string name)
        where TKernel : Kernel<TShape>
        where TShape : struct => table.Single(kernel => kernel.Name == name);

    public static RandomStream Stream(int seed, int lane) => new((ulong)seed, RandomPurpose.Testing, 0, 0, lane);

    public static float[] Uniform(int seed, int lane, int length)
    {
        RandomStream random = Stream(seed, lane);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextSingle(-1f, 1f);
        }

        return values;
    }

    // A map with zeros in its surplus lanes.
    public static float[] UniformMap(int seed, int lane, MapShape map)
    {
        float[] values = Uniform(seed, lane, map.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i % map.Pitch < map.C ? values[i] : 0f;
        }

        return values;
    }

    // One number a channel, zeros behind them.
    public static float[] UniformChannels(int seed, int lane, MapShape map) => UniformMap(seed, lane, new MapShape(1, 1, 1, map.C, map.Pitch));

    public static float[] Slopes(int seed, int lane, RectifierShape shape)
    {
        float[] slopes = shape.Rectification == Rectification.ChannelSlopes ? UniformChannels(seed, lane, shape.Map) : Uniform(seed, lane, shape.SlopeLength);
        return [.. slopes.Select(a => a * 1.25f)];
    }

    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = values[i];
        }

        return doubles;
    }

    public static double[] Magnitudes(ReadOnlySpan<float> values)
    {
        double[] magnitudes = Doubles(values);
        foreach (ref double value in magnitudes.AsSpan())
        {
            value = Math.Abs(value);
        }

        return magnitudes;
    }

    // |kernel − reference| ≤ c·ε·√terms·Σ|terms|, element by element; where nothing is summed (surplus lanes) nothing but zero will do.
    public static bool IsNear(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, ReadOnlySpan<double> magnitudes, int terms) =>
        FirstFar(actual, expected, magnitudes, terms) < 0;

    public static void AssertNear(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, ReadOnlySpan<double> magnitudes, int terms, string replay)
    {
        Assert.Equal(expected.Length, actual.Length);
        int far = FirstFar(actual, expected, magnitudes, terms);
        if (far >= 0)
        {
            Assert.Fail($"{replay}: [{far}] is {actual[far]:R}, the reference {expected[far]:R}, allowed error {Allowed(magnitudes[far], terms):R}.");
        }
    }

    public static void AssertSameBits(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string replay)
    {
        Assert.Equal(expected.Length, actual.Length);
        int same = MemoryMarshal.Cast<float, int>(actual).CommonPrefixLength(MemoryMarshal.Cast<float, int>(expected));
        if (same < expected.Length)
        {
            Assert.Fail($"{replay}: [{same}] is {actual[same]:R}, not {expected[same]:R}.");
        }
    }

    private static double Allowed(double magnitude, int terms) => SafetyFactor * Epsilon * Math.Sqrt(Math.Max(1, terms)) * magnitude;

    private static int FirstFar(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, ReadOnlySpan<double> magnitudes, int terms)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= Allowed(magnitudes[i], terms)))
            {
                return i;
            }
        }

        return -1;
    }
}
