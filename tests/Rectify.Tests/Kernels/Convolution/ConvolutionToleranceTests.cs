using Rectify.Kernels.Convolution;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

// The tolerance of the tests above must refuse the wrong answers that lie nearest to the right one; this is what the float64 result of each becomes.
public sealed class ConvolutionToleranceTests
{
    private static readonly int[] Numbers = [2, 4, 5, 6, 10];

    public static TheoryData<int> Cases => [.. Numbers];

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsNear_RightAnswerRoundedToFloat_Accepted(int number)
    {
        ConvolutionCase work = new(number);
        Assert.True(IsNear(work, work.ExpectedY.Values));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsNear_OneMissingTerm_Refused(int number)
    {
        ConvolutionCase work = new(number);
        float[] x = [.. work.X];
        x[0] = 0f;
        x[work.Shape.Input.Pitch] = 0f;
        Assert.False(IsNear(work, Forward(work.Shape, x, work.W)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsNear_MissingBias_Refused(int number)
    {
        ConvolutionCase work = new(number);
        double[] y = [.. work.ExpectedY.Values];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] += work.Bias[i % work.Shape.Output.Pitch];
        }

        Assert.False(IsNear(work, y));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsNear_PaddingOffByOne_Refused(int number)
    {
        ConvolutionCase work = new(number);
        Window window = work.Shape.Window;
        ConvolutionShape left = work.Shape with { Window = window with { PadLeft = window.PadLeft + 1, PadRight = window.PadRight - 1 } };
        ConvolutionShape top = work.Shape with { Window = window with { PadTop = window.PadTop - 1, PadBottom = window.PadBottom + 1 } };
        Assert.False(IsNear(work, Forward(left, work.X, work.W)));
        Assert.False(IsNear(work, Forward(top, work.X, work.W)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsNear_TurnedFilter_Refused(int number)
    {
        ConvolutionCase work = new(number);
        ConvolutionShape shape = work.Shape;
        int taps = shape.Window.R * shape.Window.S;
        float[] turned = new float[work.W.Length];
        for (int i = 0; i < shape.K * taps * shape.Input.C; i++)
        {
            (int k, int tap, int c) = (i / shape.Input.C / taps, i / shape.Input.C % taps, i % shape.Input.C);
            turned[ConvolutionReference<float>.WeightIndex(shape, k, taps - 1 - tap, c)] = work.W[ConvolutionReference<float>.WeightIndex(shape, k, tap, c)];
        }

        Assert.False(IsNear(work, Forward(shape, work.X, turned)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsNear_BackwardFilterThatOverwrites_Refused(int number)
    {
        ConvolutionCase work = new(number);
        float[] overwritten = [.. work.ExpectedDw.Values.Zip(work.Dw, (sum, before) => (float)(sum - before))];
        Assert.False(KernelTestBench.IsNear(overwritten, work.ExpectedDw.Values, work.ExpectedDw.Magnitudes, work.TermsOfDw));
    }

    private static bool IsNear(ConvolutionCase work, double[] y) =>
        KernelTestBench.IsNear([.. y.Select(value => (float)value)], work.ExpectedY.Values, work.ExpectedY.Magnitudes, work.TermsOfY);

    private static double[] Forward(ConvolutionShape shape, float[] x, float[] w)
    {
        double[] y = new double[shape.Output.Length];
        ConvolutionReference<double>.Forward(shape, KernelTestBench.Doubles(x), KernelTestBench.Doubles(w), default, y);
        return y;
    }
}
