using System.Globalization;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Statistics as a safetensors file.</summary>
internal static class StatisticsFile
{
    private const string Format = "rectify.statistics.1";

    public static void Save(DatasetStatistics statistics, string path)
    {
        int size = statistics.Mean.Size;
        SafetensorsWriter writer = new();
        writer.AddMetadata("format", Format);
        writer.AddMetadata("scale", DatasetStatistics.Scale);
        writer.AddMetadata("fingerprint", statistics.Fingerprint);
        writer.AddMetadata("images", statistics.Images.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata("size", size.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata("version", typeof(StatisticsFile).Assembly.GetName().Version?.ToString(3) ?? "");
        writer.Add("mean", [size, size, 3], d => statistics.Mean.Values.CopyTo(d));
        writer.Add("channel.mean", [3], d => Fill(d, statistics.ChannelMean));
        writer.Add("channel.std", [3], d => Fill(d, statistics.ChannelStd));
        writer.Add("pca.eigenvalues", [3], d => Fill(d, statistics.Eigenvalues));
        writer.Add("pca.eigenvectors", [3, 3], d => Fill(d, [.. statistics.Eigenvectors.Cast<double>()]));
        AtomicFile.Write(path, writer.Write);
    }

    public static DatasetStatistics Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("format") != Format)
        {
            throw new RectifyException($"{path} is no file of statistics of this version; make one with: rectify dataset stats");
        }

        string scale = file.Metadata.GetValueOrDefault("scale") ?? "";
        if (scale != DatasetStatistics.Scale)
        {
            throw new RectifyException($"{path} is on the scale {scale}, and pixels enter on {DatasetStatistics.Scale}; make it again with: rectify dataset stats");
        }

        int size = Number(file, "size");
        if (file.Find("mean") is not { Dimensions: [var rows, var columns, 3] } || rows != size || columns != size)
        {
            throw new RectifyException($"{path} holds no mean of its size {size}×{size}×3; make it again with: rectify dataset stats");
        }

        float[] mean = new float[checked(3 * size * size)];
        file.Read("mean", mean);
        double[] values = Read(file, "pca.eigenvalues", 3);
        if (values.Any(value => value < 0))
        {
            throw new RectifyException($"{path} holds an eigenvalue below 0, which no variance is; make it again with: rectify dataset stats");
        }

        double[] vectors = Read(file, "pca.eigenvectors", 9);
        double[,] square = new double[3, 3];
        Buffer.BlockCopy(vectors, 0, square, 0, 9 * sizeof(double));
        return DatasetStatistics.Of(
            new MeanImage(size, MeanKind.PerPixel, mean),
            Read(file, "channel.mean", 3),
            Read(file, "channel.std", 3),
            values,
            square,
            file.Metadata.GetValueOrDefault("fingerprint") ?? "",
            Number(file, "images"));
    }

    private static void Fill(Span<float> destination, IReadOnlyList<double> values)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)values[i];
        }
    }

    private static double[] Read(SafetensorsFile file, string name, int count)
    {
        if (file.Find(name)?.Count != count)
        {
            throw new RectifyException($"{file.Path} has no tensor '{name}' of {count} values; make it again with: rectify dataset stats");
        }

        float[] values = new float[count];
        file.Read(name, values);
        if (!values.All(float.IsFinite))
        {
            throw new RectifyException($"{file.Path} holds a number in '{name}' that is not finite; make it again with: rectify dataset stats");
        }

        return Array.ConvertAll(values, v => (double)v);
    }

    private static int Number(SafetensorsFile file, string key) =>
        int.TryParse(file.Metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 1 << 26
            ? number
            : throw new RectifyException($"{file.Path} does not say its {key}; make it again with: rectify dataset stats");
}
