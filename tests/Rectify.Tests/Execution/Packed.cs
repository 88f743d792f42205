using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>Maps as people write them, [N,H,W,C] without surplus lanes, to and from the layout of the kernels.</summary>
internal static class Packed
{
    public static void Write(MapShape shape, ReadOnlySpan<float> packed, Span<float> stored)
    {
        Assert.Equal(shape.Pixels * shape.C, packed.Length);
        stored.Clear();
        for (int pixel = 0; pixel < shape.Pixels; pixel++)
        {
            packed.Slice(pixel * shape.C, shape.C).CopyTo(stored[(pixel * shape.Pitch)..]);
        }
    }

    /// <summary>Fails if a surplus lane is not zero: every kernel counts on it.</summary>
    public static float[] Read(MapShape shape, ReadOnlySpan<float> stored)
    {
        Assert.Equal(shape.Length, stored.Length);
        float[] packed = new float[shape.Pixels * shape.C];
        for (int i = 0; i < stored.Length; i++)
        {
            (int pixel, int lane) = (i / shape.Pitch, i % shape.Pitch);
            if (lane < shape.C)
            {
                packed[(pixel * shape.C) + lane] = stored[i];
            }
            else if (stored[i] != 0f)
            {
                Assert.Fail($"Pixel {pixel} of {shape} has {stored[i]} in the surplus lane {lane}.");
            }
        }

        return packed;
    }

    public static double[] ToDoubles(ReadOnlySpan<float> values)
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = values[i];
        }

        return doubles;
    }

    public static float[] Gaussian(ref RandomStream random, int count, double std = 1.0)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(std * random.NextGaussian());
        }

        return values;
    }

    /// <summary>max|actual − expected| over the rms of expected; 0 if both are all zero.</summary>
    public static double ErrorOverRms(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double squares = 0.0;
        double worst = 0.0;
        for (int i = 0; i < expected.Length; i++)
        {
            squares += expected[i] * expected[i];
            double error = Math.Abs(actual[i] - expected[i]);
            worst = error > worst || double.IsNaN(error) ? error : worst;
        }

        return worst == 0.0 ? 0.0 : worst / Math.Sqrt(squares / expected.Length);
    }
}
