using System.Globalization;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Kernels;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>What a finished run answered to the test images by a view: its last checkpoint. Kept as a file of scores in the run's folder, so that it is scored once.</summary>
/// <param name="Path">The file.</param>
/// <param name="Errors">Its errors.</param>
internal sealed record ViewScores(string Path, ErrorCounts Errors)
{
    /// <summary>The scores.</summary>
    public ScoreTable Load() => ScoreFile.Load(Path);

    /// <summary>Those of a run: for each scale, and of all scales together.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="images">The test images.</param>
    /// <param name="view">What is looked at.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="tell">Hears that images are being scored.</param>
    /// <exception cref="RectifyException">The checkpoint is missing or damaged, or its scores are not finite.</exception>
    public static (IReadOnlyList<ViewScores> Scales, ViewScores Together) Of(
        RunFolder folder, IDataset images, TestView view, KernelContext context, Action<string> tell)
    {
        using TrainedNetwork trained = folder.Load(CheckpointFolder.Last);
        string model = ModelFingerprint.Of(trained.Network, trained.Mean);
        string data = DatasetFingerprint.Compute(images);
        string[] paths = [.. view.Scales.Select(scale => PathOf(folder, view.Kind, [scale]))];
        string together = PathOf(folder, view.Kind, view.Scales);
        ViewScores?[] found = [.. paths.Append(together).Select(path => Read(path, model, data))];
        if (found.All(scores => scores is not null))
        {
            return (found[..^1]!, found[^1]!);
        }

        tell(string.Create(CultureInfo.InvariantCulture, $"scoring {images.Count:N0} test images by {folder.Name}: {ViewNames.Of(view.Kind)}, {string.Join(", ", view.Scales)}"));
        ViewMember member = new(folder.Name, trained.Network, trained.Mean, trained.Recipe.Classes);
        using ViewEvaluator evaluator = new([member], context, new ViewOptions { Kind = view.Kind, Scales = view.Scales, Keep = KeptScores.Every });
        MemberErrors errors = evaluator.Run(images, trained.Recipe.Data).Members[0];
        ViewScores[] saved = [.. errors.Scales.Select(scale => scale.Scores!).Append(errors.Scores!).Zip(paths.Append(together), Save)];
        return (saved[..^1], saved[^1]);
    }

    private static ViewScores Save(ScoreTable scores, string path)
    {
        ScoreFile.Save(scores, path);
        return new ViewScores(path, ErrorCounts.Of(scores));
    }

    private static ViewScores? Read(string path, string model, string data)
    {
        try
        {
            return File.Exists(path) && ScoreFile.Load(path) is { } scores && scores.Origin.ModelFingerprint == model && scores.Origin.ImagesFingerprint == data
                ? new ViewScores(path, ErrorCounts.Of(scores))
                : null;
        }
        catch (RectifyException)
        {
            // Damaged: scored anew.
            return null;
        }
    }

    private static string PathOf(RunFolder folder, ViewKind kind, IReadOnlyList<int> scales) => System.IO.Path.Combine(
        folder.ScoresPath, string.Create(CultureInfo.InvariantCulture, $"reproduce-{ViewNames.Of(kind)}-{string.Join('-', scales)}{ScoreFile.Extension}"));
}
