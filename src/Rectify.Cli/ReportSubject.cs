using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Reports;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Gathers what rectify report shows of a run.</summary>
/// <param name="context">Threads and vector width.</param>
/// <param name="decoder">Decodes photos.</param>
/// <param name="people">Hears what is being done.</param>
/// <param name="forPage">Whether pictures and the signal are wanted, which text has no place for.</param>
internal sealed class ReportSubject(KernelContext context, PhotoDecoder decoder, TextWriter people, bool forPage)
{
    /// <summary>Gathers.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="main">The run whose validation images are looked at: itself, or the one that it stands beside.</param>
    /// <param name="scores">A file of scores; null for those that are there, or new ones.</param>
    /// <param name="fingerprint">Of the images to be scored where the run stands beside another; null for any.</param>
    public RunFacts Gather(RunFolder folder, RunFolder main, string? scores, string? fingerprint = null)
    {
        Recipe recipe = Recipe.Load(main.RecipePath);
        IReadOnlyList<string> classes = Recipe.Load(folder.RecipePath).Classes;
        CountProgress progress = new(people, "scored");
        return FactsGathering.Gather(folder, TrainingSummary.NameOf(folder), new FactsOptions
        {
            Context = context,
            Encoder = ReportPictures.Encoder(),
            OpenImages = () => Validation(recipe, classes),
            ImagesName = recipe.Validation == DataSource.Split ? $"{recipe.Data} (the part held out)" : recipe.Validation,
            Scores = scores is null ? null : ScoreFile.Load(scores),
            ScoresName = scores ?? "",
            ImagesFingerprint = fingerprint,
            Whole = forPage && ReferenceEquals(folder, main),
            Tell = people.WriteLine,
            Progress = progress.Report,
        });
    }

    private IDataset? Validation(Recipe recipe, IReadOnlyList<string> classes) =>
        DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, classes: recipe.Classes).Validation is { } images ? ClassMap.Apply(images, classes) : null;
}
