using Rectify.Kernels.Rectifiers;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Rectifiers;

public sealed class RectifierReferenceTests
{
    private static readonly MapShape Map = MapShape.Image(2, 2, 3, 4);

    public static TheoryData<Rectification> Rectifications => [.. Enum.GetValues<Rectification>()];

    [Theory]
    [MemberData(nameof(Rectifications))]
    public void Backward_Reference_EqualsCentralDifferences(Rectification rectification)
    {
        RectifierShape shape = new(Map, rectification);
        double[] y = KernelTestBench.Doubles(KernelTestBench.Uniform(1, 1, Map.Length));
        double[] a = KernelTestBench.Doubles(KernelTestBench.Slopes(1, 2, shape));
        double[] b = KernelTestBench.Doubles(KernelTestBench.Uniform(1, 3, Map.C));
        double[] g = KernelTestBench.Doubles(KernelTestBench.Uniform(1, 4, Map.Length));
        double[] biased = new double[Map.Length];
        double[] f = new double[Map.Length];
        double Objective()
        {
            for (int i = 0; i < biased.Length; i++)
            {
                biased[i] = y[i] + b[i % Map.C];
            }

            RectifierReference<double>.Forward(Map, rectification, biased, a, f);
            return GradientCheck.Dot(f, g);
        }

        _ = Objective();
        double[] dy = [.. g];
        double[] da = new double[a.Length];
        double[] db = new double[b.Length];
        RectifierReference<double>.Backward(Map, rectification, [.. biased], a, dy, da, db);
        GradientCheck.Run("dy", y, dy, Objective, (i, window) => Math.Abs(y[i] + b[i % Map.C]) < window);
        GradientCheck.Run("da", a, da, Objective);
        GradientCheck.Run("db", b, db, Objective, (c, window) => Enumerable.Range(0, y.Length).Any(i => i % Map.C == c && Math.Abs(y[i] + b[c]) < window));
    }
}
