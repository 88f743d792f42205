using System.Diagnostics;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>Which pass of a convolution.</summary>
public enum ConvolutionPass
{
    /// <summary>y from x, with bias and PReLU, the responses kept as in training.</summary>
    Forward,

    /// <summary>dx from dy.</summary>
    BackwardData,

    /// <summary>dw from x and dy.</summary>
    BackwardFilter,
}

/// <summary>Times all kernels of a convolution's pass and the multiply-add peak by turns in one run, so that all see the same machine.</summary>
public sealed class ConvolutionBenchmark : IDisposable
{
    // Two sums of float32 differ by far less, two formulas by far more.
    private const double LargestDifference = 1e-3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    private readonly ConvolutionShape _shape;
    private readonly ConvolutionPass _pass;
    private readonly KernelContext _context;
    private readonly List<(string Name, long Scratch, Action<NativeBuffer> Run)> _kernels = [];
    private readonly NativeBuffer _x;
    private readonly NativeBuffer _w;
    private readonly NativeBuffer _channels;
    private readonly NativeBuffer _y;
    private readonly NativeBuffer _rectified;
    private NativeBuffer? _scratch;
    private int _chosen;

    private ConvolutionBenchmark(ConvolutionShape shape, ConvolutionPass pass, KernelContext context)
    {
        (_shape, _pass, _context) = (shape, pass, context);
        _x = Uniform(shape.Input, 1);
        _y = Uniform(shape.Output, 2);
        _rectified = new NativeBuffer(pass == ConvolutionPass.Forward ? shape.Output.Length : 0);
        _w = new NativeBuffer(shape.WeightLength);
        _channels = Uniform(new MapShape(1, 1, 1, shape.K, shape.Output.Pitch), 3);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0, 4);
        Span<float> w = All(_w);
        for (int i = 0; i < w.Length; i++)
        {
            int k = (i / shape.Depth / MapShape.ChannelBlock * MapShape.ChannelBlock) + (i % MapShape.ChannelBlock);
            bool surplus = k >= shape.K || i / MapShape.ChannelBlock % shape.Input.Pitch >= shape.Input.C;
            w[i] = surplus ? 0f : random.NextSingle(-1f, 1f);
        }
    }

    /// <summary>Measures a pass.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="repeats">Runs of each kernel; the medians count.</param>
    /// <param name="context">Threads and vector width; kernels of exactly that width are measured.</param>
    /// <exception cref="RectifyException">Two kernels disagree.</exception>
    public static ConvolutionMeasurement Run(ConvolutionShape shape, ConvolutionPass pass, int repeats, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using ConvolutionBenchmark benchmark = new(shape, pass, context);
        benchmark.Collect();
        return benchmark.Measure(repeats);
    }

    /// <summary>A pass to be timed from outside, by the kernel that a plan would choose.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="context">Threads, vector width and which kernels.</param>
    public static ConvolutionBenchmark Open(ConvolutionShape shape, ConvolutionPass pass, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ConvolutionBenchmark benchmark = new(shape, pass, context);
        benchmark.Collect();
        string name = pass switch
        {
            ConvolutionPass.Forward => ConvolutionKernels.Forward.Choose(shape, context).Name,
            ConvolutionPass.BackwardData => ConvolutionKernels.BackwardData.Choose(shape, context).Name,
            _ => ConvolutionKernels.BackwardFilter.Choose(shape, context).Name,
        };
        benchmark._chosen = Math.Max(0, benchmark._kernels.FindIndex(kernel => kernel.Name == name));
        benchmark._scratch = new NativeBuffer(benchmark._kernels[benchmark._chosen].Scratch);
        return benchmark;
    }

    /// <summary>The kernel that <see cref="RunOnce"/> runs.</summary>
    public string Chosen => _kernels[_chosen].Name;

    /// <summary>One run of a pass that was opened.</summary>
    /// <returns>Seconds.</returns>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public double RunOnce()
    {
        NativeBuffer scratch = _scratch ?? throw new InvalidOperationException("Open the benchmark first.");
        long started = Stopwatch.GetTimestamp();
        _kernels[_chosen].Run(scratch);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer? buffer in (NativeBuffer?[])[_x, _w, _channels, _y, _rectified, _scratch])
        {
            buffer?.Dispose();
        }
    }

    private static Span<float> All(NativeBuffer buffer) => buffer.Slice(0, checked((int)buffer.Length));

    private static NativeBuffer Uniform(MapShape map, int lane)
    {
        NativeBuffer buffer = new(map.Length);
        Span<float> values = All(buffer);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0, lane);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i % map.Pitch < map.C ? random.NextSingle(-1f, 1f) : 0f;
        }

        return buffer;
    }

    private Span<float> Destination => _pass switch
    {
        ConvolutionPass.Forward => All(_rectified),
        ConvolutionPass.BackwardData => All(_x),
        _ => All(_w),
    };

    private void Collect()
    {
        switch (_pass)
        {
            case ConvolutionPass.Forward:
                Add(ConvolutionKernels.Forward, (kernel, scratch) => kernel.Run(_shape, Operands(scratch), _context));
                break;
            case ConvolutionPass.BackwardData:
                Add(ConvolutionKernels.BackwardData, (kernel, scratch) => kernel.Run(_shape, All(_y), All(_w), All(_x), All(scratch), _context));
                break;
            default:
                Add(ConvolutionKernels.BackwardFilter, (kernel, scratch) => kernel.Run(_shape, All(_x), All(_y), All(_w), All(scratch), _context));
                break;
        }
    }

    private ConvolutionForwardOperands Operands(NativeBuffer scratch) => new()
    {
        X = All(_x),
        W = All(_w),
        Bias = All(_channels),
        Y = All(_y),
        Rectification = Rectification.ChannelSlopes,
        Slopes = All(_channels),
        Rectified = All(_rectified),
        Scratch = All(scratch),
    };

    // Kernels of the widest vectors allowed; the reference only where there is nothing else.
    private void Add<TKernel>(KernelTable<TKernel, ConvolutionShape> table, Action<TKernel, NativeBuffer> run)
        where TKernel : Kernel<ConvolutionShape>
    {
        foreach (TKernel kernel in table)
        {
            bool narrower = _context.Isa > Isa.Scalar && kernel.Supports(_shape, _context.Isa switch { Isa.V512 => Isa.V256, Isa.V256 => Isa.V128, _ => Isa.Scalar });
            if (kernel.Supports(_shape, _context.Isa) && (kernel == table.Reference ? _kernels.Count == 0 : !narrower))
            {
                _kernels.Add((kernel.Name, kernel.ScratchLength(_shape, _context.Workers.Count), scratch => run(kernel, scratch)));
            }
        }
    }

    private ConvolutionMeasurement Measure(int repeats)
    {
        using NativeBuffer scratch = new(_kernels.Max(kernel => kernel.Scratch));
        double[] peaks = new double[repeats];
        double[][] seconds = [.. _kernels.Select(_ => new double[repeats])];
        float[]? first = null;
        Warm(scratch);
        for (int i = -1; i < repeats; i++)
        {
            double peak = FmaPeak.Measure(_context);
            for (int kernel = 0; kernel < _kernels.Count; kernel++)
            {
                if (i == -1 && _pass == ConvolutionPass.BackwardFilter)
                {
                    Destination.Clear();
                }

                long started = Stopwatch.GetTimestamp();
                _kernels[kernel].Run(scratch);
                double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
                if (i >= 0)
                {
                    seconds[kernel][i] = elapsed;
                    peaks[i] = peak;
                }
                else if (i == -1)
                {
                    first ??= [.. Destination];
                    Compare(first, kernel);
                }
            }
        }

        Array.Sort(peaks);
        return new ConvolutionMeasurement(peaks[repeats / 2], [.. _kernels.Select((kernel, i) => Result(kernel.Name, kernel.Scratch, seconds[i]))]);
    }

    // Until the JIT has compiled for good what it first compiled in haste.
    private void Warm(NativeBuffer scratch)
    {
        Repetition.WarmUp(WarmUp, 1, () =>
        {
            foreach ((_, _, Action<NativeBuffer> run) in _kernels)
            {
                run(scratch);
            }
        });
    }

    private ConvolutionKernelMeasurement Result(string name, long scratch, double[] seconds)
    {
        Array.Sort(seconds);
        double median = seconds[seconds.Length / 2];
        return new ConvolutionKernelMeasurement(name, median, 2e-9 * _shape.MultiplyAdds / median, scratch * sizeof(float));
    }

    private void Compare(float[] first, int kernel)
    {
        ReadOnlySpan<float> other = Destination;
        double squares = 0.0;
        double largest = 0.0;
        for (int i = 0; i < first.Length; i++)
        {
            squares += (double)first[i] * first[i];
            largest = Math.Max(largest, Math.Abs((double)first[i] - other[i]));
        }

        double rms = Math.Sqrt(squares / first.Length);
        if (!(largest <= LargestDifference * rms))
        {
            throw new RectifyException(
                $"{_pass} of {_shape}: {_kernels[kernel].Name} and {_kernels[0].Name} differ by up to {largest:G3}, at an rms of {rms:G3}.");
        }
    }
}

/// <summary>What the kernels of a pass reached.</summary>
/// <param name="PeakGigaflops">10⁹ operations a second of multiply-adds that wait for nothing.</param>
/// <param name="Kernels">Each kernel, in the table's order.</param>
public sealed record ConvolutionMeasurement(double PeakGigaflops, IReadOnlyList<ConvolutionKernelMeasurement> Kernels);

/// <summary>What one kernel reached.</summary>
/// <param name="Name">The kernel.</param>
/// <param name="Seconds">Median of a run.</param>
/// <param name="Gigaflops">Effective: 2·N·P·Q·K·C·R·S / time, whatever was computed.</param>
/// <param name="ScratchBytes">Scratch memory.</param>
public sealed record ConvolutionKernelMeasurement(string Name, double Seconds, double Gigaflops, long ScratchBytes);
