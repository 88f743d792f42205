using System.Diagnostics;
using Rectify.Kernels.Gemm;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>Times a matrix product and the multiply-add peak, by turns in one run, so that both see the same machine.</summary>
public static class GemmBenchmark
{
    /// <summary>Measures a product of size³.</summary>
    /// <param name="size">Rows, columns and depth, a multiple of 16.</param>
    /// <param name="repeats">Runs of each; the medians count.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <exception cref="RectifyException">The product is wrong: a speed without a result is worth nothing.</exception>
    public static GemmMeasurement Run(int size, int repeats, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int length = checked(size * size);
        using NativeBuffer a = new(length);
        using NativeBuffer b = new(length);
        using NativeBuffer c = new(length);
        using NativeBuffer scratch = new(MatrixMultiply.ScratchLength(size, context.Workers.Count));
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        foreach (NativeBuffer matrix in (NativeBuffer[])[a, b])
        {
            Span<float> values = matrix.Slice(0, length);
            for (int i = 0; i < length; i++)
            {
                values[i] = random.NextInt(9) - 4;
            }
        }

        double[] products = new double[repeats];
        double[] peaks = new double[repeats];
        for (int i = -1; i < repeats; i++)
        {
            double peak = FmaPeak.Measure(context);
            long started = Stopwatch.GetTimestamp();
            MatrixMultiply.Run(
                size, size, size, a.Slice(0, length), b.Slice(0, length), c.Slice(0, length), scratch.Slice(0, checked((int)scratch.Length)), context);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (i >= 0)
            {
                (products[i], peaks[i]) = (2e-9 * size * size * size / seconds, peak);
            }
        }

        Check(size, a.Slice(0, length), b.Slice(0, length), c.Slice(0, length));
        Array.Sort(products);
        Array.Sort(peaks);
        return new GemmMeasurement(products[repeats / 2], peaks[repeats / 2]);
    }

    // Small whole numbers: the product is exact in float32, so some elements must be equal, not close.
    private static void Check(int size, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
    {
        for (int i = 0; i < size; i += Math.Max(1, size / 13))
        {
            for (int j = 0; j < size; j += Math.Max(1, size / 11))
            {
                double sum = 0.0;
                for (int p = 0; p < size; p++)
                {
                    sum += (double)a[(i * size) + p] * b[(p * size) + j];
                }

                if (c[(i * size) + j] != sum)
                {
                    throw new RectifyException($"The product is wrong at [{i},{j}]: {c[(i * size) + j]} where {sum} is due.");
                }
            }
        }
    }
}

/// <summary>What a matrix product reached.</summary>
/// <param name="Gigaflops">10⁹ operations a second of the product.</param>
/// <param name="PeakGigaflops">The same of multiply-adds that wait for nothing.</param>
public sealed record GemmMeasurement(double Gigaflops, double PeakGigaflops);
