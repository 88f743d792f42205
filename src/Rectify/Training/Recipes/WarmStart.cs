using System.Security.Cryptography;
using Rectify.Formats;
using Rectify.Kernels.Optimization;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Trained weights to begin from: those of another run, or of a safetensors file with the same names.</summary>
/// <remarks>The mean image does not come with them: it is that of the new data, as in any run, and fits any crop.</remarks>
/// <param name="Path">The weights file.</param>
/// <param name="Recipe">The recipe of the run that it belongs to; null for a file that belongs to none.</param>
public sealed record WarmStart(string Path, Recipe? Recipe)
{
    /// <summary>Finds the weights.</summary>
    /// <param name="name">A run (its best checkpoint, where there is one, else its last), or a safetensors file.</param>
    /// <exception cref="RectifyException">There is no such run or file.</exception>
    public static WarmStart Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            RunFolder run = RunFolder.Open(name);
            string best = run.Checkpoints.WeightsPath(CheckpointFolder.Best);
            string path = File.Exists(best) ? best : run.Checkpoints.WeightsPath(CheckpointFolder.Last);
            return File.Exists(path)
                ? new WarmStart(path, Recipe.Load(run.RecipePath))
                : throw new RectifyException($"--from {name}: the run has no checkpoint yet ({path}).");
        }

        string file = System.IO.Path.GetFullPath(name);
        if (!File.Exists(file))
        {
            throw new RectifyException($"--from {name}: there is no such file; name a run, or a file of weights.");
        }

        string recipe = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "..", "recipe.json");
        return new WarmStart(file, File.Exists(recipe) ? Recipe.Load(recipe) : null);
    }

    /// <summary>SHA-256 of the file: with it a recipe says which weights it began from.</summary>
    /// <exception cref="RectifyException">The file cannot be read.</exception>
    public string Checksum()
    {
        try
        {
            using FileStream file = File.OpenRead(Path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"--from: {Path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Takes over every parameter whose name and shape fit; a layer's weights and bias go together. The last layer is left where the classes differ.</summary>
    /// <param name="network">The network, initialized.</param>
    /// <param name="classes">Its classes.</param>
    /// <returns>What was taken over, and what was not and why.</returns>
    /// <exception cref="RectifyException">Nothing fits; or the file is damaged, of inputs of another scale, or holds NaN or infinity.</exception>
    public WarmStartReport Apply(Network network, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classes);
        using SafetensorsFile file = SafetensorsFile.Open(Path);
        if (file.Metadata.ContainsKey(SafetensorsChecksum.Key))
        {
            _ = SafetensorsChecksum.Verify(Path);
        }

        Checkpoint.CheckInputScale(file);
        Node last = network.Nodes.Last(node => node.Weight is not null);
        bool otherClasses = Recipe is not null && !Recipe.Classes.SequenceEqual(classes);
        List<string> loaded = [];
        List<LeftParameter> left = [];
        foreach (Node node in network.Nodes.Where(node => node.Parameters.Count > 0))
        {
            string? reason = otherClasses && node == last
                ? "its classes are others"
                : node.Parameters.Select(parameter => Misfit(file, parameter)).FirstOrDefault(why => why is not null);
            foreach (Parameter parameter in node.Parameters)
            {
                if (reason is not null)
                {
                    left.Add(new LeftParameter(parameter.Name, reason));
                    continue;
                }

                Load(file, parameter);
                loaded.Add(parameter.Name);
            }
        }

        if (loaded.Count == 0)
        {
            throw new RectifyException(
                $"--from: of {Path} nothing fits {network.Name}: {left[0].Reason}; choose its model, width and activation, or other weights.");
        }

        HashSet<string> known = [.. network.Parameters.Select(parameter => parameter.Name)];
        return new WarmStartReport(loaded, left, [.. file.Entries.Select(entry => entry.Name).Where(name => !known.Contains(name) && name != Checkpoint.MeanName)]);
    }

    private static string? Misfit(SafetensorsFile file, Parameter parameter) => file.Find(parameter.Name) is not { } entry
        ? $"{parameter.Name} is not in the file"
        : entry.Dimensions.SequenceEqual(parameter.Dimensions)
            ? null
            : $"{parameter.Name} has the shape [{string.Join(',', entry.Dimensions)}] there and [{string.Join(',', parameter.Dimensions)}] here";

    private static void Load(SafetensorsFile file, Parameter parameter)
    {
        float[] values = new float[parameter.Count];
        file.Read(parameter.Name, values);
        if (FiniteCheck.CountNotFinite(values) is > 0 and var count)
        {
            throw new RectifyException($"--from: {parameter.Name} of {file.Path} has {count} numbers that are NaN or infinite; take other weights.");
        }

        parameter.FromFile(values, parameter.Values);
    }
}

/// <summary>What a warm start did.</summary>
/// <param name="Loaded">Parameters that were taken over.</param>
/// <param name="Left">Parameters that stay as they were initialized.</param>
/// <param name="Unused">Tensors of the file that the network has no place for.</param>
public sealed record WarmStartReport(IReadOnlyList<string> Loaded, IReadOnlyList<LeftParameter> Left, IReadOnlyList<string> Unused);

/// <summary>A parameter that stays as it was initialized.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why.</param>
public sealed record LeftParameter(string Name, string Reason);
