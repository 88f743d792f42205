using Rectify.Data;
using Rectify.Formats;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>The checkpoints of a run: last, those before it (last-1, …) and best, each a weights file; all but best with a state file beside it.</summary>
/// <remarks>
/// <para>A weights file and a state file belong together if the state names the weights' checksum, whatever the two are called. A new pair is written whole as
/// "next"; then files are renamed: last to last-1, next to last. So at any instant, also between two renames, the newest pair that was ever complete is
/// there, and whoever is killed loses nothing but what came after it.</para>
/// <para>For one writer at a time: see <see cref="RunLock"/>.</para>
/// </remarks>
public sealed class CheckpointFolder
{
    /// <summary>The newest checkpoint.</summary>
    public const string Last = "last";

    /// <summary>The checkpoint with the least validation error.</summary>
    public const string Best = "best";

    private const string Next = "next";
    private const string Extension = ".safetensors";
    private const string StateExtension = ".state.safetensors";

    private readonly int _keep;

    /// <summary>A folder, which need not exist yet.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="keep">How many of the newest checkpoints are kept, "last" included; at least 1.</param>
    public CheckpointFolder(string path, int keep = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        (FullPath, _keep) = (path, keep);
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>Refuses what is no checkpoint's name.</summary>
    /// <param name="name">best, last, last-1, …; null for whichever is best.</param>
    /// <exception cref="UsageException">It is another.</exception>
    public static void CheckName(string? name)
    {
        if (name is not (null or Best or Last) && !(name.StartsWith(Last + "-", StringComparison.Ordinal) && name.AsSpan(Last.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0))
        {
            throw new UsageException($"--checkpoint {name}: choose best, last, or last-1 for the one before it.");
        }
    }

    /// <summary>The weights file of a checkpoint.</summary>
    public string WeightsPath(string name) => Path.Combine(FullPath, name + Extension);

    /// <summary>The state file of a checkpoint.</summary>
    public string StatePath(string name) => Path.Combine(FullPath, name + StateExtension);

    /// <summary>Saves weights, velocities and position as "last"; the last one becomes "last-1", and so on.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; what was there is still there.</exception>
    public void SaveLast(Network network, MeanImage mean, MomentumOptimizer optimizer, TrainingPosition position)
    {
        _ = Directory.CreateDirectory(FullPath);
        string weights = Checkpoint.SaveWeights(WeightsPath(Next), network, mean, position);
        Checkpoint.SaveState(StatePath(Next), network, optimizer, position, weights);
        Rename();
    }

    /// <summary>Saves weights alone as "best".</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; what was there is still there.</exception>
    public void SaveBest(Network network, MeanImage mean, TrainingPosition position)
    {
        _ = Directory.CreateDirectory(FullPath);
        _ = Checkpoint.SaveWeights(WeightsPath(Best), network, mean, position);
    }

    /// <summary>Finds the newest whole pair of weights and state; damaged and single files are passed over.</summary>
    /// <param name="damaged">What is wrong with newer files.</param>
    /// <returns>The pair, or null where there is none.</returns>
    public SavedState? Newest(out IReadOnlyList<string> damaged)
    {
        List<string> found = [];
        damaged = found;
        Dictionary<string, string> weights = [];
        List<(string Path, string Weights, TrainingPosition Position)> states = [];
        foreach (string path in Files())
        {
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                if (path.EndsWith(StateExtension, StringComparison.Ordinal))
                {
                    states.Add((path, file.Metadata.GetValueOrDefault(Checkpoint.WeightsKey) ?? "", Checkpoint.Position(file)));
                }
                else
                {
                    weights[file.Metadata.GetValueOrDefault(SafetensorsChecksum.Key) ?? ""] = path;
                }
            }
            catch (RectifyException e)
            {
                found.Add(e.Message);
            }
        }

        foreach ((string path, string of, TrainingPosition position) in states
            .OrderByDescending(state => state.Position.TotalSteps)
            .ThenByDescending(state => state.Position.Epoch))
        {
            if (weights.TryGetValue(of, out string? file) && IsWhole(file, found) && IsWhole(path, found))
            {
                return new SavedState(file, path, position);
            }
        }

        return null;
    }

    /// <summary>Brings order into what a killed writer or a bad disk left: finishes renames that were begun and sets damaged files aside (NAME.damaged). To be called
    /// before saving into a folder that was there.</summary>
    /// <param name="kept">The pair from which training goes on; null where there is none.</param>
    public void Recover(SavedState? kept)
    {
        _ = AtomicFile.DeleteLeftovers(FullPath);
        if (kept is null && File.Exists(WeightsPath(Best)))
        {
            // The run begins anew and will have a best of its own.
            File.Move(WeightsPath(Best), WeightsPath(Best) + ".before", overwrite: true);
        }

        foreach (string path in Files().Where(path => path != kept?.Weights && path != kept?.State))
        {
            if (!IsWhole(path, []))
            {
                File.Move(path, path + ".damaged", overwrite: true);
            }
            else if (IsNext(path))
            {
                File.Delete(path);
            }
        }

        if (kept is not null && IsNext(kept.Weights) && IsNext(kept.State))
        {
            Rename();
        }
        else if (kept is not null && IsNext(kept.Weights))
        {
            // The last rename of all: the pair before has its place already.
            File.Move(kept.Weights, WeightsPath(Last), overwrite: true);
            _ = FolderFlush.Try(FullPath);
        }
    }

    /// <summary>Names of the checkpoints that are there, the newest first and best last.</summary>
    public IReadOnlyList<string> Names() =>
    [
        .. Enumerable.Range(0, int.MaxValue).Select(Numbered).TakeWhile((name, i) => i == 0 || File.Exists(WeightsPath(name))).Append(Best)
            .Where(name => File.Exists(WeightsPath(name))),
    ];

    /// <summary>Whether a checkpoint's weights are just the bytes that were written.</summary>
    public bool IsWhole(string name) => IsWhole(WeightsPath(name), []);

    /// <summary>The renames that make "next" the last one, in order; a file that is missing is passed over.</summary>
    internal IEnumerable<(string From, string To)> Renames()
    {
        for (int i = _keep - 1; i >= 0; i--)
        {
            string from = i == 0 ? Next : Numbered(i - 1);
            yield return (StatePath(from), StatePath(Numbered(i)));
            yield return (WeightsPath(from), WeightsPath(Numbered(i)));
        }
    }

    private static string Numbered(int i) => i == 0 ? Last : FormattableString.Invariant($"{Last}-{i}");

    private static bool IsNext(string path) => Path.GetFileName(path).StartsWith(Next + ".", StringComparison.Ordinal);

    private static bool IsLast(string path) =>
        Path.GetFileName(path) is { } name && (name.StartsWith(Last + ".", StringComparison.Ordinal) || name.StartsWith(Last + "-", StringComparison.Ordinal));

    private static bool IsWhole(string path, List<string> damaged)
    {
        try
        {
            _ = SafetensorsChecksum.Verify(path);
            return true;
        }
        catch (RectifyException e)
        {
            damaged.Add(e.Message);
            return false;
        }
    }

    private void Rename()
    {
        foreach ((string from, string to) in Renames())
        {
            if (File.Exists(from))
            {
                File.Move(from, to, overwrite: true);
            }
        }

        _ = FolderFlush.Try(FullPath);
    }

    // All but best, which has no state, and but what others put there.
    private string[] Files() => Directory.Exists(FullPath)
        ? [.. Directory.EnumerateFiles(FullPath, "*" + Extension).Where(path => IsNext(path) || IsLast(path)).Order(StringComparer.Ordinal)]
        : [];
}

/// <summary>A checkpoint from which training can go on.</summary>
/// <param name="Weights">Its weights file.</param>
/// <param name="State">Its state file.</param>
/// <param name="Position">How far training had come.</param>
public sealed record SavedState(string Weights, string State, TrainingPosition Position);
