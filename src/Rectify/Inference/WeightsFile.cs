using System.Globalization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Inference;

/// <summary>A network from a safetensors file that belongs to no run, or is used without it.</summary>
internal static class WeightsFile
{
    /// <summary>Loads.</summary>
    /// <param name="path">The file. Its tensors have the names and shapes of the model's parameters, [K,C,R,S]; only the mean may stand beside them.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="RectifyException">The file cannot be read or is damaged, does not fit the model, or has no mean where none is given.</exception>
    public static ClassifierSubject Load(string path, WeightsOptions options)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.ContainsKey(SafetensorsChecksum.Key))
        {
            _ = SafetensorsChecksum.Verify(path);
        }

        Checkpoint.CheckInputScale(file);
        MeanImage? stored = file.Find(Checkpoint.MeanName) is null ? null : Checkpoint.ReadMean(file);
        int crop = options.Crop > 0 ? options.Crop : stored?.Size ?? options.Mean?.Size ?? Preprocessing.PaperCrop;
        MeanImage mean = options.Mean ?? Fitting(stored, crop, path);
        IReadOnlyList<string> classes = options.Classes
            ?? [.. Enumerable.Range(0, Outputs(file)).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        Network network = ModelBuilder.Build(options.Model, new ModelOptions
        {
            Classes = classes.Count,
            Crop = crop,
            Width = options.Width,
            Activation = options.Activation,
        });
        try
        {
            Checkpoint.ReadParameters(file, network);
            HashSet<string> known = [Checkpoint.MeanName, .. network.Parameters.Select(parameter => parameter.Name)];
            return file.Entries.FirstOrDefault(entry => !known.Contains(entry.Name)) is { } surplus
                ? throw new RectifyException(
                    $"{path} holds '{surplus.Name}', for which {options.Model} with {ActivationNames.NameOf(options.Activation)} has no place; "
                    + "name the Model and Activation that it was saved from.")
                : new ClassifierSubject(network, true, new Preprocessing(crop).Evaluation(mean), classes, path);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // A mean of each channel fits any crop.
    private static MeanImage Fitting(MeanImage? stored, int crop, string path)
    {
        if (stored is null)
        {
            throw new RectifyException($"{path} has no '{Checkpoint.MeanName}', so it does not say what is subtracted from a picture; give the Mean.");
        }

        if (stored.Kind == MeanKind.PerPixel && stored.Size != crop)
        {
            throw new RectifyException($"{path}: its mean belongs to crops of {stored.Size}×{stored.Size}, and the Crop is {crop}; "
                + "leave the Crop out, or give a Mean of its size.");
        }

        (float red, float green, float blue) = stored.Channels;
        return stored.Size == crop ? stored : new MeanImage(crop, MeanKind.PerChannel, [red, green, blue]);
    }

    // The last of the fully connected layers, which are called fc1, fc2, …
    private static int Outputs(SafetensorsFile file)
    {
        SafetensorsEntry? last = null;
        int number = 0;
        foreach (SafetensorsEntry entry in file.Entries)
        {
            if (entry.Name.StartsWith("fc", StringComparison.Ordinal) && entry.Name.EndsWith(".weight", StringComparison.Ordinal)
                && int.TryParse(entry.Name.AsSpan(2, entry.Name.Length - 9), NumberStyles.None, CultureInfo.InvariantCulture, out int found) && found > number)
            {
                (last, number) = (entry, found);
            }
        }

        return last is { Dimensions: [var outputs, ..] }
            ? outputs
            : throw new RectifyException($"{file.Path} has no weights of a fully connected layer (fc1.weight, …), so the number of classes is not known; name the Classes.");
    }
}
