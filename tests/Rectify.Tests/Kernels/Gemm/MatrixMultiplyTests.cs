using Rectify.Kernels;
using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Gemm;

public sealed class MatrixMultiplyTests
{
    private const int Drawn = 12;

    private static readonly (int Rows, int Columns, int Depth)[] Chosen =
        [(1, 16, 1), (112, 16, 256), (113, 32, 257), (230, 48, 40), (3, 16, 520), (15, 80, 300), (14, 64, 16)];

    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Run_AnySize_EqualsFloat64(Isa isa)
    {
        using Workers workers = new(2);
        for (int seed = 0; seed < Chosen.Length + Drawn; seed++)
        {
            (int rows, int columns, int depth) = Size(seed);
            (float[] a, float[] b) = Operands(seed);
            float[] c = Run(seed, new KernelContext(workers, isa));
            double[] expected = Product(rows, columns, depth, KernelTestBench.Doubles(a), KernelTestBench.Doubles(b));
            double[] magnitudes = Product(rows, columns, depth, KernelTestBench.Magnitudes(a), KernelTestBench.Magnitudes(b));
            KernelTestBench.AssertNear(c, expected, magnitudes, depth, $"{isa}, seed {seed}: {rows}×{depth} by {depth}×{columns}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Run_AnyNumberOfWorkers_SameBits(Isa isa)
    {
        for (int seed = 0; seed < Chosen.Length; seed++)
        {
            float[][] results = [.. KernelTestBench.WorkerCounts.Select(count =>
            {
                using Workers workers = new(count);
                return Run(seed, new KernelContext(workers, isa));
            })];
            Assert.All(results, result => KernelTestBench.AssertSameBits(result, results[0], $"{isa}, seed {seed}"));
        }
    }

    [Fact]
    public void Run_ColumnsNoMultipleOf16_Throws()
    {
        using Workers workers = new(1);
        KernelContext context = new(workers, Isa.Scalar);
        ArgumentException e = Assert.Throws<ArgumentException>(() => MatrixMultiply.Run(1, 17, 1, new float[1], new float[17], new float[17], new float[1 << 16], context));
        Assert.Contains("17", e.Message, StringComparison.Ordinal);
    }

    private static (int Rows, int Columns, int Depth) Size(int seed)
    {
        if (seed < Chosen.Length)
        {
            return Chosen[seed];
        }

        RandomStream random = KernelTestBench.Stream(seed, 0);
        return (1 + random.NextInt(130), 16 * (1 + random.NextInt(5)), 1 + random.NextInt(90));
    }

    private static (float[] A, float[] B) Operands(int seed)
    {
        (int rows, int columns, int depth) = Size(seed);
        return (KernelTestBench.Uniform(seed, 1, rows * depth), KernelTestBench.Uniform(seed, 2, depth * columns));
    }

    private static float[] Run(int seed, KernelContext context)
    {
        (int rows, int columns, int depth) = Size(seed);
        (float[] a, float[] b) = Operands(seed);
        GuardedFloats c = new(rows * columns), scratch = new(MatrixMultiply.ScratchLength(columns, context.Workers.Count));
        MatrixMultiply.Run(rows, columns, depth, new GuardedFloats(a).Span, new GuardedFloats(b).Span, c.Span, scratch.Span, context);
        scratch.AssertIntact($"seed {seed}, scratch");
        return c.AssertIntact($"seed {seed}");
    }

    private static double[] Product(int rows, int columns, int depth, double[] a, double[] b)
    {
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int p = 0; p < depth; p++)
            {
                for (int j = 0; j < columns; j++)
                {
                    c[(i * columns) + j] += a[(i * depth) + p] * b[(p * columns) + j];
                }
            }
        }

        return c;
    }
}
