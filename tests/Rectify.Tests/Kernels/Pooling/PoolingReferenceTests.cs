using Rectify.Kernels.Pooling;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Pooling;

public sealed class PoolingReferenceTests
{
    [Fact]
    public void Forward_ByHand_LeavesPaddingOut()
    {
        // All negative: padding that counted as zero would win.
        PoolShape shape = new(MapShape.Image(1, 2, 3, 1), Window.Square(2, 2, 1), RoundUp: true);
        double[] x = [-1, -2, -3, -4, -5, -6];
        double[] y = new double[shape.Output.Length];
        double[] winners = new double[shape.Output.Length];
        PoolingReference<double>.Forward(shape.Input, PoolingReference<double>.Rectangles(shape), x, y, winners);
        Assert.Equal([-1, -2, -4, -5], y);
        Assert.Equal([0, 1, 3, 4], winners);
    }

    [Fact]
    public void Backward_SlidingWindow_EqualsCentralDifferences()
    {
        PoolShape shape = new(MapShape.Image(2, 5, 4, 3), new Window(3, 2, 2, 1, 1, 0, 1, 1), RoundUp: true);
        AssertGradient("window", shape.Input, PoolingReference<double>.Rectangles(shape));
    }

    [Fact]
    public void Backward_Pyramid_EqualsCentralDifferences()
    {
        PyramidShape shape = new(MapShape.Image(2, 5, 4, 3), [3, 1]);
        PixelRectangle[] bins = new PixelRectangle[shape.Bins];
        shape.Rectangles(bins);
        AssertGradient("pyramid", shape.Input, bins);
    }

    private static void AssertGradient(string name, MapShape input, PixelRectangle[] rectangles)
    {
        double[] x = KernelTestBench.Doubles(KernelTestBench.Uniform(3, 1, input.Length));
        MapShape output = input with { H = rectangles.Length, W = 1 };
        double[] g = KernelTestBench.Doubles(KernelTestBench.Uniform(3, 2, output.Length));
        double[] y = new double[output.Length];
        double[] winners = new double[output.Length];
        double Objective()
        {
            PoolingReference<double>.Forward(input, rectangles, x, y, winners);
            return GradientCheck.Dot(y, g);
        }

        _ = Objective();
        double[] dx = new double[x.Length];
        PoolingReference<double>.Backward(input, rectangles.Length, g, winners, dx);

        // A kink is where another pixel of the image and channel is as large.
        GradientCheck.Run(name, x, dx, Objective, (i, window) => Enumerable.Range(0, x.Length).Any(j =>
            j != i && j % input.C == i % input.C && j / input.ImageLength == i / input.ImageLength && Math.Abs(x[i] - x[j]) < window));
    }
}
