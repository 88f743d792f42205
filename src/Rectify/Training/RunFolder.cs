using System.Globalization;
using Rectify.Data;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A run's folder: recipe.json, log.jsonl, checkpoints/last and best (.safetensors, with .state.safetensors beside).</summary>
public sealed class RunFolder
{
    /// <summary>Where runs lie unless told otherwise.</summary>
    public const string DefaultRoot = "runs";

    private RunFolder(string path) => FullPath = path;

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>Its name.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>recipe.json.</summary>
    public string RecipePath => Path.Combine(FullPath, "recipe.json");

    /// <summary>log.jsonl.</summary>
    public string LogPath => Path.Combine(FullPath, "log.jsonl");

    /// <summary>The weights of a checkpoint.</summary>
    public string CheckpointPath(string name) => Path.Combine(FullPath, "checkpoints", $"{name}.safetensors");

    /// <summary>Makes a new run's folder.</summary>
    /// <param name="name">A name or a path; null for the next free PREFIX-N under runs/.</param>
    /// <param name="prefix">Beginning of a chosen name.</param>
    /// <exception cref="RectifyException">There is such a run already, or the folder cannot be made.</exception>
    public static RunFolder Create(string? name, string prefix)
    {
        string path = name is null ? NextFree(prefix) : Resolve(name);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new RectifyException($"There is a run in {path} already; choose another --run or remove that folder.");
        }

        try
        {
            Directory.CreateDirectory(Path.Combine(path, "checkpoints"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"The run's folder {path} cannot be made: {e.Message}", e);
        }

        return new RunFolder(path);
    }

    /// <summary>Opens a run's folder.</summary>
    /// <exception cref="RectifyException">There is no such run.</exception>
    public static RunFolder Open(string name)
    {
        RunFolder run = new(Resolve(name));
        return File.Exists(run.RecipePath)
            ? run
            : throw new RectifyException($"There is no run '{name}': {run.RecipePath} does not exist. Runs lie under {DefaultRoot}/; train one with: rectify train");
    }

    /// <summary>Loads the run's network from a checkpoint.</summary>
    /// <param name="checkpoint">"best" or "last"; null for best where there is one, else last.</param>
    /// <exception cref="RectifyException">The checkpoint is missing or broken.</exception>
    public TrainedNetwork Load(string? checkpoint = null)
    {
        Recipe recipe = Recipe.Load(RecipePath);
        checkpoint ??= File.Exists(CheckpointPath("best")) ? "best" : "last";
        string path = CheckpointPath(checkpoint);
        if (!File.Exists(path))
        {
            throw new RectifyException($"The run {Name} has no checkpoint '{checkpoint}' ({path}); it may have ended before its first epoch. Train it again.");
        }

        Network network = recipe.BuildNetwork();
        return new TrainedNetwork(recipe, network, Checkpoint.LoadWeights(path, network), checkpoint);
    }

    private static string Resolve(string name) =>
        name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) ? Path.GetFullPath(name) : Path.GetFullPath(Path.Combine(DefaultRoot, name));

    private static string NextFree(string prefix)
    {
        for (int i = 1; ; i++)
        {
            string path = Resolve(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"));
            if (!Directory.Exists(path))
            {
                return path;
            }
        }
    }
}

/// <summary>A network with what belongs to it.</summary>
/// <param name="Recipe">How it was trained.</param>
/// <param name="Network">The network.</param>
/// <param name="Mean">What is subtracted from its input.</param>
/// <param name="Checkpoint">Which checkpoint it is.</param>
public sealed record TrainedNetwork(Recipe Recipe, Network Network, MeanImage Mean, string Checkpoint) : IDisposable
{
    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();
}
