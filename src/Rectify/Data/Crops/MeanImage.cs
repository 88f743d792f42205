using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>What is subtracted from a crop: the mean of the training pictures. Immutable.</summary>
public sealed class MeanImage
{
    /// <summary>How many pictures <see cref="Compute"/> looks at unless told otherwise.</summary>
    public const int DefaultSamples = 10_000;

    private readonly float[] _values;

    /// <summary>A mean from its values.</summary>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="kind">What the values are.</param>
    /// <param name="values">[size,size,3] (per pixel) or [3] (per channel), RGB, 0..255; copied.</param>
    /// <exception cref="RectifyException">The number of values is not that of the kind, or a value is not finite.</exception>
    public MeanImage(int size, MeanKind kind, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        int expected = kind == MeanKind.PerPixel ? checked(3 * size * size) : 3;
        if (values.Length != expected)
        {
            throw new RectifyException($"A {kind} mean of size {size} has {expected} values, and {values.Length} are given; compute it for this "
                + "size.");
        }

        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new RectifyException($"A mean of size {size} holds the value {value}; compute it again.");
            }
        }

        (Size, Kind) = (size, kind);
        _values = new float[checked(3 * size * size)];
        for (int i = 0; i < _values.Length; i += values.Length)
        {
            values.CopyTo(_values.AsSpan(i));
        }
    }

    /// <summary>Rows and columns of the crop.</summary>
    public int Size { get; }

    /// <summary>Per pixel or per channel.</summary>
    public MeanKind Kind { get; }

    /// <summary>[Size,Size,3] values, RGB, whatever the kind.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The mean of each channel over all positions.</summary>
    public (float Red, float Green, float Blue) Channels
    {
        get
        {
            Span<double> sums = stackalloc double[3];
            for (int i = 0; i < _values.Length; i++)
            {
                sums[i % 3] += _values[i];
            }

            double pixels = (double)Size * Size;
            return ((float)(sums[0] / pixels), (float)(sums[1] / pixels), (float)(sums[2] / pixels));
        }
    }

    /// <summary>This mean as one of a kind: the same values, or the mean of each channel.</summary>
    public MeanImage As(MeanKind kind) =>
        kind == Kind || kind == MeanKind.PerPixel ? this : new MeanImage(Size, MeanKind.PerChannel, [Channels.Red, Channels.Green, Channels.Blue]);

    /// <summary>A mean that subtracts nothing.</summary>
    public static MeanImage Zero(int size) => new(size, MeanKind.PerChannel, [0f, 0f, 0f]);

    /// <summary>The mean of a training set, in the geometry of evaluation: the center crop at a scale.</summary>
    /// <param name="data">The training set.</param>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="scale">The shorter side after resizing, at least <paramref name="size"/>.</param>
    /// <param name="kind">Per pixel or per channel.</param>
    /// <param name="samples">At most so many pictures are read, evenly spread over the set.</param>
    /// <param name="workers">Threads that read, the caller's alone if null; <paramref name="data"/> is read by as many at once.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <remarks>Pixels are whole numbers, whose sums in double precision are exact: the same bits for any number of threads. Pictures that cannot be decoded are
    /// left out.</remarks>
    /// <exception cref="RectifyException">No picture could be read; the message gives the first one's reason.</exception>
    public static MeanImage Compute(
        IDataset data, int size, int scale, MeanKind kind = MeanKind.PerPixel, int samples = DefaultSamples, Workers? workers = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        CenterCrop crop = new(size, scale, Zero(size));
        int wanted = Math.Min(samples, data.Count);
        RectifyException?[] failures = new RectifyException?[wanted];
        using Workers? own = workers is null ? new Workers(1) : null;
        Workers readers = workers ?? own!;
        float[][] pixels = [.. Enumerable.Range(0, readers.Count).Select(_ => new float[crop.Length])];
        double[][] sums = [.. pixels.Select(_ => new double[crop.Length])];
        ParallelLoop.Run(readers, wanted, (i, worker) =>
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                RandomStream unused = default;
                crop.Apply(data.Read((int)((long)i * data.Count / wanted), crop.ShorterSide), ref unused, pixels[worker]);
                Add(pixels[worker], sums[worker]);
            }
            catch (RectifyException e)
            {
                failures[i] = e;
            }
        });
        int read = failures.Count(failure => failure is null);
        if (read == 0)
        {
            throw new RectifyException($"The mean: none of {wanted} pictures could be read; the first: "
                + $"{failures.FirstOrDefault()?.Message ?? "the data set is empty."}");
        }

        float[] mean = [.. Enumerable.Range(0, crop.Length).Select(p => (float)(sums.Sum(sum => sum[p]) / read))];
        if (kind == MeanKind.PerPixel)
        {
            return new MeanImage(size, kind, mean);
        }

        (float red, float green, float blue) = new MeanImage(size, MeanKind.PerPixel, mean).Channels;
        return new MeanImage(size, kind, [red, green, blue]);
    }

    private static void Add(float[] pixels, double[] sums)
    {
        for (int p = 0; p < pixels.Length; p++)
        {
            sums[p] += pixels[p];
        }
    }
}
