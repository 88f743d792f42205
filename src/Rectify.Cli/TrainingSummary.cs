using System.Globalization;
using Rectify.Data;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>What is said at the end of a training: errors, speed, skipped pictures, what to do next.</summary>
internal static class TrainingSummary
{
    private const int MostListed = 20;

    /// <summary>For people.</summary>
    public static void Write(TextWriter people, Recipe recipe, RunFolder folder, TrainingResult result)
    {
        string epochs = result.Position.Epoch == 1 ? "1 epoch" : string.Create(CultureInfo.InvariantCulture, $"{result.Position.Epoch} epochs");
        string pace = string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalSeconds:F0} s ({result.ImagesPerSecond:N0} images/s)");
        people.WriteLine(result.Validation is { } v
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"top-1 error {v.Top1ErrorPercent:F2} %, top-5 error {v.Top5ErrorPercent:F2} % on {v.Images:N0} validation images, after {epochs} in {pace}")
            : string.Create(CultureInfo.InvariantCulture, $"{epochs} in {pace}, training loss {result.FinalLoss:F4}; no validation"));
        people.WriteLine($"run: {folder.FullPath}");
        string evaluate = DataSource.IsBuiltin(recipe.Data) ? DataSource.Builtin : "PATH";
        people.WriteLine($"next: rectify evaluate --run {NameOf(folder)} --data {evaluate}     rectify inspect --run {NameOf(folder)}");
    }

    /// <summary>Pictures that could not be read.</summary>
    public static void WriteFailures(TextWriter errors, IReadOnlyList<SampleFailure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{failures.Count:N0} training pictures could not be read and were skipped:"));
        foreach (SampleFailure failure in failures.Take(MostListed))
        {
            errors.WriteLine($"  {failure.Reason}");
        }

        if (failures.Count > MostListed)
        {
            errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {failures.Count - MostListed:N0} more; list them with: rectify dataset check PATH"));
        }
    }

    /// <summary>For machines.</summary>
    public static void WriteJson(TextWriter output, RunFolder folder, TrainingResult result, long parameters) => JsonLine.Write(output, j =>
    {
        j.WriteString("run", folder.FullPath);
        j.WriteNumber("epochs", result.Position.Epoch);
        if (result.Validation is { } validation)
        {
            j.WriteNumber("top1Error", validation.Top1ErrorPercent);
            j.WriteNumber("top5Error", validation.Top5ErrorPercent);
        }
        else
        {
            j.WriteNull("top1Error");
            j.WriteNull("top5Error");
        }

        j.WriteNumber("imagesPerSecond", result.ImagesPerSecond);
        j.WriteNumber("seconds", result.Elapsed.TotalSeconds);
        j.WriteNumber("parameters", parameters);
        j.WriteNumber("skipped", result.Failures.Count);
    });

    /// <summary>For machines, of a run that was stopped or was complete before.</summary>
    public static void WriteJson(TextWriter output, RunFolder folder, TrainingPosition position, bool interrupted) => JsonLine.Write(output, j =>
    {
        j.WriteString("run", folder.FullPath);
        j.WriteNumber("epochs", position.Epoch);
        j.WriteNumber("steps", position.TotalSteps);
        j.WriteBoolean("interrupted", interrupted);
    });

    /// <summary>What to write after --run: the name alone for a run under runs/.</summary>
    public static string NameOf(RunFolder folder) =>
        Path.GetDirectoryName(folder.FullPath) == Path.GetFullPath(RunFolder.DefaultRoot) ? folder.Name : folder.FullPath;
}
