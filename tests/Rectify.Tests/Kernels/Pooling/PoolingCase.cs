using Rectify.Kernels.Pooling;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Pooling;

// A map with values on a grid so coarse that ties are common, and what float64 makes of it.
internal sealed class PoolingCase
{
    public PoolingCase(int seed, MapShape input, PixelRectangle[] rectangles)
    {
        Seed = seed;
        Input = input;
        Outputs = rectangles.Length;
        Rectangles = rectangles;
        X = KernelTestBench.UniformMap(seed, 1, input);
        foreach (ref float value in X.AsSpan())
        {
            value = MathF.Round(value * 8f) / 8f;
        }

        MapShape output = input with { H = Outputs, W = 1 };
        Dy = KernelTestBench.UniformMap(seed, 2, output);
        (double[] y, double[] winners) = (new double[output.Length], new double[output.Length]);
        PoolingReference<double>.Forward(input, rectangles, KernelTestBench.Doubles(X), y, winners);
        Y = [.. y.Select(value => (float)value)];
        Winners = [.. winners.Select(value => (float)value)];
    }

    public int Seed { get; }

    public MapShape Input { get; }

    public int Outputs { get; }

    public PixelRectangle[] Rectangles { get; }

    public float[] X { get; }

    public float[] Dy { get; }

    public float[] Y { get; }

    public float[] Winners { get; }

    public void AssertForward(ReadOnlySpan<float> y, ReadOnlySpan<float> winners, string replay)
    {
        // A maximum is one of its inputs: no tolerance.
        Assert.True(y.SequenceEqual(Y), $"{replay}: wrong maxima.");
        Assert.True(winners.IsEmpty || winners.SequenceEqual(Winners), $"{replay}: wrong winners.");
    }

    public void AssertBackward(ReadOnlySpan<float> dx, string replay)
    {
        (double[] expected, double[] magnitudes) = (new double[Input.Length], new double[Input.Length]);
        double[] winners = KernelTestBench.Doubles(Winners);
        PoolingReference<double>.Backward(Input, Outputs, KernelTestBench.Doubles(Dy), winners, expected);
        PoolingReference<double>.Backward(Input, Outputs, KernelTestBench.Magnitudes(Dy), winners, magnitudes);
        KernelTestBench.AssertNear(dx, expected, magnitudes, Outputs, replay);
    }
}
