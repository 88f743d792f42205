using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Statistics of training pictures, on the scale 0..255: the mean image, and of the channels mean, standard deviation and principal components.</summary>
/// <remarks>
/// <para>Taken over the pixels of the crops of evaluation (shorter side resized to a scale, middle of that), so that each picture counts the same. The sums are
/// exact whole numbers, so the result is the same to the bit for any number of threads; the mean image is the one of <see cref="MeanImage.Compute"/>.
/// Variances are divided by the number of pixels. Pictures that cannot be read are left out.</para>
/// <para>Eigenvalues on 0..255 are 255² times those on 0..1; the standard deviations 255 times. Who adds noise along the components must know which.</para>
/// </remarks>
public sealed class DatasetStatistics
{
    /// <summary>The scale of all values, as files say it.</summary>
    public const string Scale = "0..255";

    private DatasetStatistics(MeanImage mean) => Mean = mean;

    /// <summary>The mean of each position and channel.</summary>
    public MeanImage Mean { get; }

    /// <summary>[3] means of R, G, B.</summary>
    public required IReadOnlyList<double> ChannelMean { get; init; }

    /// <summary>[3] standard deviations of R, G, B.</summary>
    public required IReadOnlyList<double> ChannelStd { get; init; }

    /// <summary>[3] eigenvalues of the covariance of R, G, B, in falling order.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>[3,3]: row i is the unit eigenvector of eigenvalue i over R, G, B; its largest entry is positive.</summary>
    public required double[,] Eigenvectors { get; init; }

    /// <summary><see cref="DatasetFingerprint"/> of the data set.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Pictures that were read.</summary>
    public required int Images { get; init; }

    /// <summary>Pictures that could not be read; not in a file.</summary>
    public int Unreadable { get; init; }

    /// <summary>Computes them in one pass.</summary>
    /// <param name="data">The training pictures.</param>
    /// <param name="size">Rows and columns of the crop.</param>
    /// <param name="scale">The shorter side before cropping, at least <paramref name="size"/>.</param>
    /// <param name="options">Which pictures, how many threads.</param>
    /// <param name="progress">Hears how many pictures of how many are done; from any thread.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="RectifyException">No picture could be read; the message gives the first one's reason.</exception>
    public static DatasetStatistics Compute(
        IDataset data, int size, int scale, StatisticsOptions? options = null, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new StatisticsOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Samples, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads, nameof(options));
        string fingerprint = DatasetFingerprint.Compute(data);
        int wanted = Math.Min(options.Samples, data.Count);
        CenterCrop crop = new(size, scale, MeanImage.Zero(size));
        PixelSums[] sums = [.. Enumerable.Range(0, options.Threads).Select(_ => new PixelSums(crop.Length))];
        float[][] pixels = [.. sums.Select(_ => new float[crop.Length])];
        RectifyException?[] failures = new RectifyException?[wanted];
        int done = 0;
        using Workers workers = new(options.Threads);
        ParallelLoop.Run(workers, wanted, (i, worker) =>
        {
            cancellation.ThrowIfCancellationRequested();
            RandomStream unused = default;
            try
            {
                crop.Apply(data.Read((int)((long)i * data.Count / wanted), scale), ref unused, pixels[worker]);
                sums[worker].Add(pixels[worker]);
            }
            catch (RectifyException e)
            {
                failures[i] = e;
            }

            progress?.Invoke(Interlocked.Increment(ref done), wanted);
        });
        foreach (PixelSums other in sums.Skip(1))
        {
            sums[0].Add(other);
        }

        return sums[0].Crops > 0
            ? Of(sums[0], size, fingerprint, wanted - sums[0].Crops)
            : throw new RectifyException($"The statistics: none of {wanted} pictures could be read; the first: "
                + $"{failures.FirstOrDefault(f => f is not null)?.Message ?? "the data set is empty."}");
    }

    /// <summary>The mean image, for training on <paramref name="data"/> with crops of <paramref name="size"/>.</summary>
    /// <exception cref="RectifyException">The statistics are another data set's or another crop's.</exception>
    public MeanImage MeanFor(IDataset data, int size)
    {
        CheckSize(size);
        string fingerprint = DatasetFingerprint.Compute(data);
        return fingerprint == Fingerprint
            ? Mean
            : throw new RectifyException(
                $"The statistics are of another data set (fingerprint {Short(Fingerprint)}, and the training images have {Short(fingerprint)}); compute them "
                + "again: rectify dataset stats, with the same --data and --val as for training.");
    }

    /// <summary>Refuses another crop.</summary>
    /// <exception cref="RectifyException">The statistics are another crop's.</exception>
    public void CheckSize(int size)
    {
        if (size != Mean.Size)
        {
            throw new RectifyException($"The statistics are for crops of {Mean.Size}×{Mean.Size}, and training takes {size}×{size}; compute them with --size {size}.");
        }
    }

    /// <summary>Writes a safetensors file: mean, channel.mean, channel.std, pca.eigenvalues and pca.eigenvectors in float32, and whose they are.</summary>
    /// <param name="path">Where; whole or not there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => StatisticsFile.Save(this, path);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="RectifyException">The file is missing, broken, no such file, or of another scale; an eigenvalue is below 0, or a number is not finite.</exception>
    public static DatasetStatistics Load(string path) => StatisticsFile.Load(path);

    internal static DatasetStatistics Of(MeanImage mean, double[] channelMean, double[] channelStd, double[] values, double[,] vectors, string fingerprint, int images) => new(mean)
    {
        ChannelMean = channelMean,
        ChannelStd = channelStd,
        Eigenvalues = values,
        Eigenvectors = vectors,
        Fingerprint = fingerprint,
        Images = images,
    };

    private static DatasetStatistics Of(PixelSums sums, int size, string fingerprint, int unreadable)
    {
        float[] mean = new float[sums.Positions.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] = (float)((double)sums.Positions[i] / sums.Crops);
        }

        double[,] covariance = sums.Covariance();
        (double[] values, double[,] vectors) = PrincipalComponents.Of(covariance);
        return new DatasetStatistics(new MeanImage(size, MeanKind.PerPixel, mean))
        {
            ChannelMean = sums.Means(),
            ChannelStd = [.. Enumerable.Range(0, 3).Select(c => Math.Sqrt(covariance[c, c]))],
            Eigenvalues = values,
            Eigenvectors = vectors,
            Fingerprint = fingerprint,
            Images = sums.Crops,
            Unreadable = unreadable,
        };
    }

    private static string Short(string fingerprint) => fingerprint.Length > 14 ? fingerprint[..14] + "…" : fingerprint;
}
