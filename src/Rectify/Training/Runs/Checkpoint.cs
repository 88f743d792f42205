using System.Globalization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Parameters and mean in a safetensors file, and in a second one what a resumed run needs more: velocities and position. Both carry a checksum, and
/// the second names the first by its own.</summary>
public static class Checkpoint
{
    internal const string WeightsKey = "weights";
    internal const string MeanName = "preprocessing.mean";
    private const int FormatVersion = 1;
    private const int LargestMean = 1 << 16;

    /// <summary>Writes the parameters in the layout of files ([K,C,R,S]) and the mean.</summary>
    /// <param name="path">Where.</param>
    /// <param name="network">Whose parameters.</param>
    /// <param name="mean">What is subtracted from its input.</param>
    /// <param name="position">How far training has come.</param>
    /// <param name="metadata">More entries for the file's metadata.</param>
    /// <returns>The file's checksum.</returns>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static string SaveWeights(
        string path, Network network, MeanImage mean, TrainingPosition position, IReadOnlyList<KeyValuePair<string, string>>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(mean);
        SafetensorsWriter writer = Describe(network, position);
        writer.AddMetadata("input", Preprocessing.InputScale);
        foreach ((string key, string value) in metadata ?? [])
        {
            writer.AddMetadata(key, value);
        }

        foreach (Parameter parameter in network.Parameters)
        {
            writer.Add(parameter.Name, parameter.Dimensions, file => parameter.ToFile(parameter.Values, file));
        }

        int size = mean.Kind == MeanKind.PerPixel ? mean.Size : 1;
        writer.Add(MeanName, [size, size, 3], file => mean.Values[..file.Length].CopyTo(file));
        writer.AddMetadata("mean.size", Text(mean.Size));
        return SafetensorsChecksum.Write(path, writer);
    }

    /// <summary>Writes velocities and position.</summary>
    /// <param name="path">Where.</param>
    /// <param name="network">Whose parameters the velocities belong to.</param>
    /// <param name="optimizer">The velocities.</param>
    /// <param name="position">How far training has come.</param>
    /// <param name="weights">The checksum of the weights that belong to it.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void SaveState(string path, Network network, MomentumOptimizer optimizer, TrainingPosition position, string weights)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        SafetensorsWriter writer = Describe(network, position);
        writer.AddMetadata(WeightsKey, weights);
        foreach (Parameter parameter in network.Parameters)
        {
            writer.Add($"{parameter.Name}.velocity", parameter.Dimensions, file => parameter.ToFile(optimizer.Velocity(parameter), file));
        }

        _ = SafetensorsChecksum.Write(path, writer);
    }

    /// <summary>Reads parameters and mean into a network of the same model.</summary>
    /// <returns>The mean.</returns>
    /// <exception cref="RectifyException">The file is missing, damaged, of another model or of a later version.</exception>
    public static MeanImage LoadWeights(string path, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using SafetensorsFile file = Open(path);
        CheckInputScale(file);
        ReadParameters(file, network);
        return ReadMean(file);
    }

    /// <summary>Reads velocities and position.</summary>
    /// <exception cref="RectifyException">The file is missing, damaged, of another model or of a later version.</exception>
    public static TrainingPosition LoadState(string path, Network network, MomentumOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        using SafetensorsFile file = Open(path);
        foreach (Parameter parameter in network.Parameters)
        {
            Read(file, $"{parameter.Name}.velocity", parameter, optimizer.Velocity(parameter));
        }

        return Position(file);
    }

    /// <summary>Where training had come to when a checkpoint's file was written.</summary>
    internal static TrainingPosition Position(SafetensorsFile file) => new(
        (int)Number(file, "epoch", 0, int.MaxValue),
        (int)Number(file, "step", 0, int.MaxValue),
        Number(file, "totalSteps", 0, long.MaxValue),
        (int)Number(file, "bestTop1Errors", 0, int.MaxValue))
    {
        Plateau = file.Metadata.ContainsKey("plateau.drops")
            ? new PlateauState(
                (int)Number(file, "plateau.drops", 0, int.MaxValue),
                (int)Number(file, "plateau.bestErrors", 0, int.MaxValue),
                (int)Number(file, "plateau.waited", 0, int.MaxValue))
            : default,
    };

    /// <summary>Refuses weights of inputs of another scale; a file that does not say is taken for one of ours.</summary>
    internal static void CheckInputScale(SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault("input") is { } input && input != Preprocessing.InputScale)
        {
            throw new RectifyException($"{file.Path} was trained on inputs of another scale ({input}); this version reads {Preprocessing.InputScale}.");
        }
    }

    /// <summary>Reads every parameter of a network.</summary>
    /// <exception cref="RectifyException">One is missing or has another shape.</exception>
    internal static void ReadParameters(SafetensorsFile file, Network network)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            Read(file, parameter.Name, parameter, parameter.Values);
        }
    }

    /// <summary>Reads the mean.</summary>
    /// <exception cref="RectifyException">It is missing, or its size is not what the file says.</exception>
    internal static MeanImage ReadMean(SafetensorsFile file)
    {
        SafetensorsEntry mean = file.Find(MeanName) ?? throw new RectifyException($"{file.Path} has no '{MeanName}'; it was not written by rectify train.");
        int size = (int)Number(file, "mean.size", 1, LargestMean);
        if (mean.Count != 3 && mean.Count != 3L * size * size)
        {
            throw new RectifyException($"{file.Path}: '{MeanName}' has {mean.Count} values and belongs to crops of {size}×{size}; it was not written by rectify train.");
        }

        float[] values = new float[mean.Count];
        file.Read(MeanName, values);
        return new MeanImage(size, values.Length == 3 ? MeanKind.PerChannel : MeanKind.PerPixel, values);
    }

    private static SafetensorsFile Open(string path)
    {
        _ = SafetensorsChecksum.Verify(path);
        SafetensorsFile file = SafetensorsFile.Open(path);
        try
        {
            long version = Number(file, "formatVersion", 1, long.MaxValue);
            return version <= FormatVersion
                ? file
                : throw new RectifyException($"{path} was written by a later version of Rectify (format {version}, this one reads {FormatVersion}); update Rectify.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafetensorsWriter Describe(Network network, TrainingPosition position)
    {
        SafetensorsWriter writer = new();
        writer.AddMetadata("format", "rectify");
        writer.AddMetadata("formatVersion", Text(FormatVersion));
        writer.AddMetadata("model", network.Name);
        writer.AddMetadata("epoch", Text(position.Epoch));
        writer.AddMetadata("step", Text(position.Step));
        writer.AddMetadata("totalSteps", Text(position.TotalSteps));
        writer.AddMetadata("bestTop1Errors", Text(position.BestTop1Errors));
        if (position.Plateau is { BestErrors: { } best } plateau)
        {
            writer.AddMetadata("plateau.drops", Text(plateau.Drops));
            writer.AddMetadata("plateau.bestErrors", Text(best));
            writer.AddMetadata("plateau.waited", Text(plateau.Waited));
        }

        return writer;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Number(SafetensorsFile file, string key, long least, long most) =>
        long.TryParse(file.Metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : throw new RectifyException($"{file.Path}: its metadata has no proper '{key}'; it was not written by rectify train.");

    private static void Read(SafetensorsFile file, string name, Parameter parameter, Span<float> stored)
    {
        SafetensorsEntry? entry = file.Find(name);
        if (entry is null || !entry.Dimensions.SequenceEqual(parameter.Dimensions))
        {
            string found = entry is null ? "is missing" : $"has the shape [{string.Join(',', entry.Dimensions)}]";
            throw new RectifyException(
                $"{file.Path}: '{name}' {found}, the model needs [{string.Join(',', parameter.Dimensions)}]; the checkpoint belongs to another model, width or number of classes.");
        }

        float[] values = new float[entry.Count];
        file.Read(name, values);
        parameter.FromFile(values, stored);
    }
}
