using System.Diagnostics;
using Rectify.Kernels.Gemm;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>Times a matrix product and the multiply-add peak, by turns in one run, so that both see the same machine.</summary>
public sealed class GemmBenchmark : IDisposable
{
    private readonly int _size;
    private readonly int _length;
    private readonly KernelContext _context;
    private readonly NativeBuffer _a;
    private readonly NativeBuffer _b;
    private readonly NativeBuffer _c;
    private readonly NativeBuffer _scratch;

    /// <summary>Two random matrices of size×size.</summary>
    /// <param name="size">Rows, columns and depth, a multiple of 16.</param>
    /// <param name="context">Threads and vector width.</param>
    public GemmBenchmark(int size, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (_size, _length, _context) = (size, checked(size * size), context);
        _a = new NativeBuffer(_length);
        _b = new NativeBuffer(_length);
        _c = new NativeBuffer(_length);
        _scratch = new NativeBuffer(MatrixMultiply.ScratchLength(size, context.Workers.Count));
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        foreach (NativeBuffer matrix in (NativeBuffer[])[_a, _b])
        {
            Span<float> values = matrix.Slice(0, _length);
            for (int i = 0; i < _length; i++)
            {
                values[i] = random.NextInt(9) - 4;
            }
        }
    }

    /// <summary>Measures a product of size³.</summary>
    /// <param name="size">Rows, columns and depth, a multiple of 16.</param>
    /// <param name="repeats">Runs of each; the medians count.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <exception cref="RectifyException">The product is wrong: a speed without a result is worth nothing.</exception>
    public static GemmMeasurement Run(int size, int repeats, KernelContext context)
    {
        using GemmBenchmark benchmark = new(size, context);
        double[] products = new double[repeats];
        double[] peaks = new double[repeats];
        for (int i = -1; i < repeats; i++)
        {
            double peak = FmaPeak.Measure(context);
            double seconds = benchmark.RunOnce();
            if (i >= 0)
            {
                (products[i], peaks[i]) = (2e-9 * size * size * size / seconds, peak);
            }
        }

        benchmark.Check();
        return new GemmMeasurement(Repetition.Median(products), Repetition.Median(peaks));
    }

    /// <summary>One product.</summary>
    /// <returns>Seconds.</returns>
    public double RunOnce()
    {
        long started = Stopwatch.GetTimestamp();
        MatrixMultiply.Run(
            _size,
            _size,
            _size,
            _a.Slice(0, _length),
            _b.Slice(0, _length),
            _c.Slice(0, _length),
            _scratch.Slice(0, checked((int)_scratch.Length)),
            _context);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Throws if the last product is wrong.</summary>
    /// <exception cref="RectifyException">It is.</exception>
    public void Check()
    {
        ReadOnlySpan<float> a = _a.Slice(0, _length);
        ReadOnlySpan<float> b = _b.Slice(0, _length);
        ReadOnlySpan<float> c = _c.Slice(0, _length);

        // Small whole numbers: the product is exact in float32, so some elements must be equal, not close.
        for (int i = 0; i < _size; i += Math.Max(1, _size / 13))
        {
            for (int j = 0; j < _size; j += Math.Max(1, _size / 11))
            {
                double sum = 0.0;
                for (int p = 0; p < _size; p++)
                {
                    sum += (double)a[(i * _size) + p] * b[(p * _size) + j];
                }

                if (c[(i * _size) + j] != sum)
                {
                    throw new RectifyException($"The product is wrong at [{i},{j}]: {c[(i * _size) + j]} where {sum} is due.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer buffer in (NativeBuffer[])[_a, _b, _c, _scratch])
        {
            buffer.Dispose();
        }
    }
}

/// <summary>What a matrix product reached.</summary>
/// <param name="Gigaflops">10⁹ operations a second of the product.</param>
/// <param name="PeakGigaflops">The same of multiply-adds that wait for nothing.</param>
public sealed record GemmMeasurement(double Gigaflops, double PeakGigaflops);
