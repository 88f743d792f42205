using System.Globalization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Parameters and mean in a safetensors file, and beside it what a resumed run needs more: velocities and position.</summary>
public static class Checkpoint
{
    private const string MeanName = "preprocessing.mean";
    private const string FormatVersion = "1";

    /// <summary>Where the state of a checkpoint lies: NAME.state.safetensors beside NAME.safetensors.</summary>
    public static string StatePath(string path) => Path.ChangeExtension(path, ".state.safetensors");

    /// <summary>Writes the parameters in the layout of files ([K,C,R,S]) and the mean.</summary>
    public static void SaveWeights(string path, Network network, MeanImage mean, TrainingPosition position)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(mean);
        SafetensorsWriter writer = Describe(network, position);
        writer.AddMetadata("input", Preprocessing.InputScale);
        foreach (Parameter parameter in network.Parameters)
        {
            writer.Add(parameter.Name, parameter.Dimensions, file => parameter.ToFile(parameter.Values, file));
        }

        int size = mean.Kind == MeanKind.PerPixel ? mean.Size : 1;
        writer.Add(MeanName, [size, size, 3], file => mean.Values.CopyTo(file));
        writer.AddMetadata("mean.size", mean.Size.ToString(CultureInfo.InvariantCulture));
        AtomicFile.Write(path, writer.Write);
    }

    /// <summary>Writes velocities and position.</summary>
    public static void SaveState(string path, Network network, MomentumOptimizer optimizer, TrainingPosition position)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        SafetensorsWriter writer = Describe(network, position);
        foreach (Parameter parameter in network.Parameters)
        {
            writer.Add($"{parameter.Name}.velocity", parameter.Dimensions, file => parameter.ToFile(optimizer.Velocity(parameter), file));
        }

        AtomicFile.Write(path, writer.Write);
    }

    /// <summary>Reads parameters and mean into a network of the same model.</summary>
    /// <returns>The mean.</returns>
    /// <exception cref="RectifyException">The file is missing, broken, or of another model.</exception>
    public static MeanImage LoadWeights(string path, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (Parameter parameter in network.Parameters)
        {
            Read(file, parameter.Name, parameter, parameter.Values);
        }

        SafetensorsEntry mean = file.Find(MeanName) ?? throw new RectifyException($"{path} has no '{MeanName}'; it was not written by rectify train.");
        float[] values = new float[mean.Count];
        file.Read(MeanName, values);
        int size = int.TryParse(file.Metadata.GetValueOrDefault("mean.size"), NumberStyles.None, CultureInfo.InvariantCulture, out int written) ? written : network.Input.H;
        return new MeanImage(size, values.Length == 3 ? MeanKind.PerChannel : MeanKind.PerPixel, values);
    }

    /// <summary>Reads velocities and position.</summary>
    /// <exception cref="RectifyException">The file is missing, broken, or of another model.</exception>
    public static TrainingPosition LoadState(string path, Network network, MomentumOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (Parameter parameter in network.Parameters)
        {
            Read(file, $"{parameter.Name}.velocity", parameter, optimizer.Velocity(parameter));
        }

        long Number(string key) => long.TryParse(file.Metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new RectifyException($"{path} does not say '{key}'; it was not written by rectify train.");

        return new TrainingPosition((int)Number("epoch"), (int)Number("step"), Number("totalSteps"), (int)Number("bestTop1Errors"));
    }

    private static SafetensorsWriter Describe(Network network, TrainingPosition position)
    {
        SafetensorsWriter writer = new();
        writer.AddMetadata("format", "rectify");
        writer.AddMetadata("formatVersion", FormatVersion);
        writer.AddMetadata("model", network.Name);
        writer.AddMetadata("epoch", position.Epoch.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata("step", position.Step.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata("totalSteps", position.TotalSteps.ToString(CultureInfo.InvariantCulture));
        writer.AddMetadata("bestTop1Errors", position.BestTop1Errors.ToString(CultureInfo.InvariantCulture));
        return writer;
    }

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
