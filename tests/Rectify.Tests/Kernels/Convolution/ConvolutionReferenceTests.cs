using Rectify.Kernels.Convolution;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

// The judge is judged: by hand-computed numbers and by central differences.
public sealed class ConvolutionReferenceTests
{
    private static readonly ConvolutionShape[] Shapes =
    [
        new(MapShape.Image(2, 4, 5, 2), 3, new Window(3, 2, 2, 1, 1, 0, 0, 2)),
        new(MapShape.Map(1, 3, 3, 2), 2, Window.Square(3, 1, 1)),
        new(MapShape.Map(2, 2, 2, 3), 2, Window.Square(1, 2)),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Shapes.Length)];

    [Fact]
    public void Forward_TwoByTwoFilterByHand_IsTheCorrelation()
    {
        // x is 1 2 3 / 4 5 6 / 7 8 9, w is 1 10 / 100 1000, b is 0.5: the filter is not turned.
        ConvolutionShape shape = new(MapShape.Image(1, 3, 3, 1), 1, new Window(2, 2, 1, 1, 1, 0, 0, 0));
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        double[] w = new double[shape.WeightLength];
        (w[0], w[16], w[32], w[48]) = (1, 10, 100, 1000);
        double[] y = new double[shape.Output.Length];
        ConvolutionReference<double>.Forward(shape, x, w, [0.5], y);
        Assert.Equal([2100.5, 3200.5, 5421.5, 6532.5, 8754.5, 9865.5], Enumerable.Range(0, 6).Select(i => y[i * 16]));
        Assert.All(Enumerable.Range(0, y.Length).Where(i => i % 16 != 0), i => Assert.Equal(0.0, y[i]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BackwardData_Reference_EqualsCentralDifferences(int number)
    {
        (ConvolutionShape shape, double[] x, double[] w, double[] g) = Draw(number);
        double[] dx = new double[x.Length];
        ConvolutionReference<double>.BackwardData(shape, g, w, dx);

        // Surplus lanes are no inputs: their difference quotient is zero, and so must dx be.
        GradientCheck.Run($"dx, case {number}", x, dx, Objective(shape, x, w, g));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BackwardFilter_Reference_EqualsCentralDifferences(int number)
    {
        (ConvolutionShape shape, double[] x, double[] w, double[] g) = Draw(number);
        double[] dw = new double[w.Length];
        ConvolutionReference<double>.BackwardFilter(shape, x, g, dw);
        GradientCheck.Run($"dw, case {number}", w, dw, Objective(shape, x, w, g));
    }

    private static (ConvolutionShape Shape, double[] X, double[] W, double[] G) Draw(int number)
    {
        ConvolutionShape shape = Shapes[number];
        return (
            shape,
            KernelTestBench.Doubles(KernelTestBench.UniformMap(number, 1, shape.Input)),
            KernelTestBench.Doubles(ConvolutionCase.UniformWeights(number, 2, shape)),
            KernelTestBench.Doubles(KernelTestBench.UniformMap(number, 4, shape.Output)));
    }

    private static Func<double> Objective(ConvolutionShape shape, double[] x, double[] w, double[] g)
    {
        double[] y = new double[shape.Output.Length];
        return () =>
        {
            ConvolutionReference<double>.Forward(shape, x, w, default, y);
            return GradientCheck.Dot(y, g);
        };
    }
}
