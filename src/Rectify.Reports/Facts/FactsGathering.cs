using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>Looks at a run: its log, its checkpoint, its scores and its images. What cannot be had is left out, with the reason.</summary>
public static class FactsGathering
{
    private const int MostFiles = 16;

    /// <summary>Gathers.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">What to call it in commands.</param>
    /// <param name="options">From what.</param>
    /// <exception cref="RectifyException">The recipe cannot be read.</exception>
    public static RunFacts Gather(RunFolder run, string name, FactsOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        RunFacts facts = new()
        {
            Name = name,
            Recipe = Recipe.Load(run.RecipePath),
            History = RunHistory.Read(run.LogPath),
            Words = ClassWords.Read(run.WordsPath),
        };
        using TrainedNetwork? trained = Try(() => run.Load(), out string whyNoNetwork);
        facts = facts with { Network = trained is null ? null : NetworkFacts.Of(trained), WhyNoNetwork = whyNoNetwork };
        IDataset? images = Try(() => options.OpenImages?.Invoke(), out string whyNoImages);
        using (images as IDisposable)
        {
            whyNoImages = whyNoImages.Length > 0 ? whyNoImages : "The run has no validation images.";
            facts = AddScores(facts, run, trained, images, whyNoImages, options);
            return options.Whole ? AddPictures(facts, trained, images, whyNoImages, options) : facts;
        }
    }

    private static RunFacts AddScores(RunFacts facts, RunFolder run, TrainedNetwork? trained, IDataset? images, string whyNoImages, FactsOptions options)
    {
        if (options.Scores is { } given)
        {
            return facts with { Scores = given, AboutScores = About(given, options.ScoresName) };
        }

        if (Kept(run.ScoresPath, facts.Recipe.Classes, options.ImagesFingerprint) is { } kept)
        {
            bool same = trained is not null && kept.Table.Origin.ModelFingerprint == ModelFingerprint.Of(trained.Network, trained.Mean);
            string whose = trained is null || same ? "" : $", of other weights than the checkpoint {trained.Checkpoint} has now";
            return facts with { Scores = kept.Table, AboutScores = About(kept.Table, $"{Path.GetFileName(kept.Path)}{whose}") };
        }

        if (trained is null || images is null)
        {
            string why = trained is null ? facts.WhyNoNetwork : whyNoImages;
            return facts with { AboutScores = $"{why} Score some images with: rectify evaluate --run {facts.Name} --data PATH --save-scores" };
        }

        options.Tell($"scoring {Numbers.Of(images.Count, "image")} of {options.ImagesName} (center view) ...");
        ScoreTable? scores = Try(() => Score(facts.Name, trained, images, options), out string failed);
        return facts with { Scores = scores, AboutScores = scores is null ? failed : About(scores, $"the checkpoint {trained.Checkpoint}, just now") };
    }

    private static ScoreTable? Score(string name, TrainedNetwork trained, IDataset images, FactsOptions options)
    {
        ViewMember member = new(name, trained.Network, trained.Mean, trained.Recipe.Classes);
        using ViewEvaluator evaluator = new([member], options.Context, new ViewOptions { Kind = ViewKind.Center, Keep = KeptScores.Combined });
        return evaluator.Run(images, options.ImagesName, done => options.Progress?.Invoke(done, images.Count)).Scores;
    }

    private static RunFacts AddPictures(RunFacts facts, TrainedNetwork? trained, IDataset? images, string whyNoImages, FactsOptions options)
    {
        if (trained is null || images is null)
        {
            string why = trained is null ? facts.WhyNoNetwork : whyNoImages;
            return facts with { WhyNoSignal = $"{why} See: rectify diagnose --run {facts.Name} --data PATH", WhyNoPhotos = why };
        }

        options.Tell("measuring the signal ...");
        SignalFacts? signal = Try(() => SignalFacts.Measure(trained, images, options.Context), out string whyNoSignal);
        facts = facts with { Signal = signal, WhyNoSignal = whyNoSignal };
        if (facts.Scores is not { } scores)
        {
            return facts with { WhyNoPhotos = facts.AboutScores };
        }

        if (scores.Origin.ImagesFingerprint != DatasetFingerprint.Compute(images))
        {
            return facts with { WhyNoPhotos = $"The scores are of {scores.Origin.Images}, which are not the run's validation images; leave --scores out to see those." };
        }

        IReadOnlyList<PhotoAnswer>? photos = Try(() => PhotoChoice.Choose(scores, images, options.Encoder), out string whyNoPhotos);
        return facts with { Photos = photos ?? [], WhyNoPhotos = whyNoPhotos.Length > 0 ? whyNoPhotos : "None of the pictures that would be shown can be read." };
    }

    private static string About(ScoreTable scores, string from) =>
        $"Errors on {Numbers.Of(scores.Images, "image")} of {scores.Origin.Images}, {scores.Origin.View} view; scores from {from}.";

    // The newest file of scores that fits.
    private static (string Path, ScoreTable Table)? Kept(string folder, IReadOnlyList<string> classes, string? fingerprint)
    {
        foreach (string path in Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, $"*{ScoreFile.Extension}").OrderByDescending(File.GetLastWriteTimeUtc).ThenBy(path => path, StringComparer.Ordinal).Take(MostFiles)
            : [])
        {
            if (Try(() => ScoreFile.Load(path), out _) is { } table
                && table.Classes.Order(StringComparer.Ordinal).SequenceEqual(classes.Order(StringComparer.Ordinal), StringComparer.Ordinal)
                && (fingerprint is null || fingerprint == table.Origin.ImagesFingerprint))
            {
                return (path, table);
            }
        }

        return null;
    }

    // What a report cannot show is no reason not to show the rest.
    private static T? Try<T>(Func<T?> find, out string why)
        where T : class
    {
        why = "";
        try
        {
            return find();
        }
        catch (RectifyException e)
        {
            why = e.Message;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = $"{e.Message.TrimEnd('.')}.";
            return null;
        }
    }
}
