using System.Globalization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A run's folder: recipe.json, log.jsonl, checkpoints/.</summary>
public sealed class RunFolder
{
    /// <summary>Where runs lie unless told otherwise, below the current folder.</summary>
    public const string DefaultRoot = "runs";

    private RunFolder(string path)
    {
        FullPath = path;
        Checkpoints = new CheckpointFolder(Path.Combine(path, "checkpoints"));
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>Its name.</summary>
    public string Name => Path.GetFileName(FullPath);

    /// <summary>recipe.json.</summary>
    public string RecipePath => Path.Combine(FullPath, "recipe.json");

    /// <summary>log.jsonl.</summary>
    public string LogPath => Path.Combine(FullPath, "log.jsonl");

    /// <summary>synset_words.txt: what the classes are called by people; only where the data said so.</summary>
    public string WordsPath => Path.Combine(FullPath, ClassWords.FileName);

    /// <summary>Statistics of the training images: kept where their colours are altered, so that the run goes on with the same ones.</summary>
    public string StatisticsPath => Path.Combine(FullPath, "data.stats.safetensors");

    /// <summary>scores: the folder of the files of scores that evaluations of the run have left, if there are any.</summary>
    public string ScoresPath => Path.Combine(FullPath, "scores");

    /// <summary>Its checkpoints.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary>Makes a new run's folder and takes its lock.</summary>
    /// <param name="name">A name or a path; null for the next free PREFIX-N under runs/.</param>
    /// <param name="prefix">Beginning of a chosen name.</param>
    /// <exception cref="RectifyException">There is such a run already, or the folder cannot be made.</exception>
    public static (RunFolder Folder, RunLock Lock) Create(string? name, string prefix)
    {
        for (int i = 1; ; i++)
        {
            string path = Resolve(name ?? string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"));
            if (IsTaken(path))
            {
                if (name is null)
                {
                    continue;
                }

                throw new RectifyException($"There is a run in {path} already; choose another --run, go on with it by --resume, or remove that folder.");
            }

            try
            {
                Directory.CreateDirectory(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RectifyException($"The run's folder {path} cannot be made: {e.Message.TrimEnd('.')}; choose another --run.", e);
            }

            // Two processes may have found the same free name: the lock decides, and whoever comes later looks again.
            RunLock? taken = name is null ? RunLock.TryTake(path) : RunLock.Take(path);
            if (taken is not null && !IsTaken(path))
            {
                _ = AtomicFile.DeleteLeftovers(path);
                return (new RunFolder(path), taken);
            }

            taken?.Dispose();
        }
    }

    /// <summary>Keeps a trained network as a run, which the command and a classifier open by its name.</summary>
    /// <param name="name">A name for a folder under runs/, or a path.</param>
    /// <param name="recipe">What it is: model, width, size, activation and classes must be the network's.</param>
    /// <param name="network">The network.</param>
    /// <param name="mean">What is subtracted from its crops.</param>
    /// <param name="position">How far it was trained.</param>
    /// <exception cref="RectifyException">There is such a run already, the folder cannot be made, or the recipe is not the network's.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public static RunFolder Keep(string name, Recipe recipe, Network network, MeanImage mean, TrainingPosition position = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(mean);
        using (Network described = recipe.BuildNetwork())
        {
            if (!described.Parameters.Select(Shape).SequenceEqual(network.Parameters.Select(Shape)) || mean.Size != recipe.Size)
            {
                throw new RectifyException(
                    $"The run {name}: the recipe describes {recipe.Model} × {recipe.Width} for {recipe.Classes.Count} classes and crops of {recipe.Size} pixels, and the network "
                    + "or the mean is another; build the network by the recipe's BuildNetwork.");
            }
        }

        (RunFolder run, RunLock taken) = Create(name, "");
        using (taken)
        {
            recipe.Save(run.RecipePath);
            run.Checkpoints.SaveBest(network, mean, position);
            return run;
        }

        static string Shape(Parameter parameter) => $"{parameter.Name} {string.Join('×', parameter.Dimensions)}";
    }

    /// <summary>Opens a run's folder.</summary>
    /// <param name="name">A name under runs/, or a path.</param>
    /// <exception cref="RectifyException">There is no such run.</exception>
    public static RunFolder Open(string name)
    {
        RunFolder run = new(Resolve(name));
        return File.Exists(run.RecipePath)
            ? run
            : throw new RectifyException($"There is no run '{name}': {run.RecipePath} does not exist. Runs lie under {DefaultRoot}/ of the folder in which they were "
                + "started; train one with: rectify train");
    }

    /// <summary>Loads the run's network from a checkpoint.</summary>
    /// <param name="checkpoint">"best", "last" or "last-1"; null for best where there is one, else last.</param>
    /// <exception cref="RectifyException">The checkpoint is missing or damaged; the message names a good one where there is one.</exception>
    public TrainedNetwork Load(string? checkpoint = null)
    {
        CheckpointFolder.CheckName(checkpoint);
        Recipe recipe = Recipe.Load(RecipePath);
        checkpoint ??= File.Exists(Checkpoints.WeightsPath(CheckpointFolder.Best)) ? CheckpointFolder.Best : CheckpointFolder.Last;
        string path = Checkpoints.WeightsPath(checkpoint);
        if (!File.Exists(path))
        {
            string others = Checkpoints.Names() is { Count: > 0 } names
                ? $"it has {string.Join(", ", names)}"
                : $"it may have ended before its first epoch; go on with: rectify train --resume {Name}";
            throw new RectifyException($"The run {Name} has no checkpoint '{checkpoint}' ({path}): {others}.");
        }

        Network network = recipe.BuildNetwork();
        try
        {
            return new TrainedNetwork(recipe, network, Checkpoint.LoadWeights(path, network), checkpoint);
        }
        catch (RectifyException e)
        {
            network.Dispose();
            string? good = Checkpoints.Names().FirstOrDefault(name => name != checkpoint && Checkpoints.IsWhole(name));
            throw good is null ? e : new RectifyException($"{e.Message} The checkpoint '{good}' is whole: use --checkpoint {good}.", e);
        }
    }

    /// <summary>Removes a folder in which nothing was learned.</summary>
    public void Abandon()
    {
        if (Checkpoints.Names().Count == 0)
        {
            Directory.Delete(FullPath, recursive: true);
        }
    }

    // Without the slash that a shell puts behind a folder: the last part is the run's name.
    private static string Resolve(string name) => Path.TrimEndingDirectorySeparator(
        Path.GetFullPath(name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) ? name : Path.Combine(DefaultRoot, name)));

    // A folder with nothing but a lock and files half written is what a process left that was killed before it began.
    private static bool IsTaken(string path) =>
        File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(IsPartOfARun));

    private static bool IsPartOfARun(string entry) => !Path.GetFileName(entry).StartsWith(RunLock.Name, StringComparison.Ordinal) && !AtomicFile.IsTemporary(entry);
}

/// <summary>A network with what belongs to it.</summary>
/// <param name="Recipe">How it was trained.</param>
/// <param name="Network">The network.</param>
/// <param name="Mean">What is subtracted from its input.</param>
/// <param name="Checkpoint">Which checkpoint it is.</param>
public sealed record TrainedNetwork(Recipe Recipe, Network Network, MeanImage Mean, string Checkpoint) : IDisposable
{
    /// <summary>Makes a run of it: recipe and checkpoint "best", as evaluate, predict, diagnose and train --from take them.</summary>
    /// <param name="run">A name or a path; null for the next free MODEL-N under runs/.</param>
    /// <exception cref="RectifyException">There is such a run already, or the folder cannot be made.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public RunFolder Save(string? run)
    {
        (RunFolder folder, RunLock taken) = RunFolder.Create(run, Recipe.Model);
        using (taken)
        {
            Recipe.Save(folder.RecipePath);
            folder.Checkpoints.SaveBest(Network, Mean, TrainingPosition.Start);
        }

        return folder;
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();
}
