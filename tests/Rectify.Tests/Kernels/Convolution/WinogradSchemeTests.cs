using Rectify.Kernels.Convolution.Winograd;
using Rectify.Kernels.Simd;

namespace Rectify.Tests.Kernels.Convolution;

// One tile of each form against the definition, by the code that the kernels run.
public sealed unsafe class WinogradSchemeTests
{
    // A constant that is wrong by 10⁻⁴ shows.
    private const double Tolerance = 1e-5;

    [Fact]
    public void Output_ProductsOfAPatchAndAFilter_AreTheirConvolution()
    {
        AssertConvolves<Winograd53>();
        AssertConvolves<Winograd43>();
        AssertConvolves<Winograd42>();
        AssertConvolves<Winograd32>();
        AssertConvolves<Winograd27>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FilterGradient_ProductsOfAPatchAndGradients_AreTheirCorrelation(bool accumulate)
    {
        AssertCorrelates<Winograd53>(accumulate);
        AssertCorrelates<Winograd43>(accumulate);
        AssertCorrelates<Winograd42>(accumulate);
        AssertCorrelates<Winograd32>(accumulate);
    }

    private static void AssertConvolves<TScheme>()
        where TScheme : IWinograd
    {
        (int size, int taps, int patch) = (TScheme.Size, TScheme.Taps, TScheme.PatchSize);
        float[] d = KernelTestBench.Uniform(1, 1, patch * patch), g = KernelTestBench.Uniform(1, 2, taps * taps);
        float[] v = new float[patch * patch], u = new float[patch * patch], y = new float[size * size * 16];
        fixed (float* dStart = d, gStart = g, vStart = v, uStart = u, yStart = y)
        {
            TScheme.Patch<Lanes1>(dStart, patch, 1, vStart, 1);
            TScheme.Filter<Lanes1>(gStart, 1, uStart, 1);
            Multiply(v, u);
            TScheme.Output<Lanes1>(vStart, 1, yStart);
        }

        for (int i = 0; i < size * size; i++)
        {
            double expected = 0.0;
            for (int tap = 0; tap < taps * taps; tap++)
            {
                expected += (double)d[(((i / size) + (tap / taps)) * patch) + (i % size) + (tap % taps)] * g[tap];
            }

            Assert.Equal(expected, y[i * 16], Tolerance);
        }
    }

    private static void AssertCorrelates<TScheme>(bool accumulate)
        where TScheme : IWinogradGradients
    {
        (int size, int taps, int patch) = (TScheme.Size, TScheme.Taps, TScheme.PatchSize);
        float[] d = KernelTestBench.Uniform(1, 1, patch * patch), dy = KernelTestBench.Uniform(1, 3, size * size), before = KernelTestBench.Uniform(1, 4, taps * taps);
        float[] v = new float[patch * patch], u = new float[patch * patch], dg = [.. before];
        fixed (float* dStart = d, dyStart = dy, vStart = v, uStart = u, dgStart = dg)
        {
            TScheme.Patch<Lanes1>(dStart, patch, 1, vStart, 1);
            TScheme.Gradient<Lanes1>(dyStart, size, 1, uStart, 1);
            Multiply(v, u);
            TScheme.FilterGradient<Lanes1>(vStart, 1, dgStart, 1, accumulate);
        }

        for (int tap = 0; tap < taps * taps; tap++)
        {
            double expected = accumulate ? before[tap] : 0.0;
            for (int i = 0; i < size * size; i++)
            {
                expected += (double)d[(((i / size) + (tap / taps)) * patch) + (i % size) + (tap % taps)] * dy[i];
            }

            Assert.Equal(expected, dg[tap], Tolerance);
        }
    }

    private static void Multiply(float[] v, float[] u)
    {
        for (int i = 0; i < v.Length; i++)
        {
            v[i] *= u[i];
        }
    }
}
