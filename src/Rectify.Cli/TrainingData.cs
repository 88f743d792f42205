using Rectify.Data;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>What a recipe trains on.</summary>
/// <param name="Recipe">The recipe, with what follows from the data.</param>
/// <param name="Training">Training images.</param>
/// <param name="Validation">Validation images, or null.</param>
internal sealed record TrainingData(Recipe Recipe, IDataset Training, IDataset? Validation)
{
    /// <summary>The same whatever the folder is called: what processes compare that train together.</summary>
    public string Fingerprints =>
        $"training images {DatasetFingerprint.Compute(Training)}\nvalidation images {(Validation is null ? "none" : DatasetFingerprint.Compute(Validation))}";

    /// <summary>Opens the data of a new run.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="decoder">Reads pictures.</param>
    /// <param name="people">Hears what was found.</param>
    public static TrainingData Open(Recipe recipe, IImageDecoder decoder, TextWriter people)
    {
        // Options that make no sense are found before any data is read.
        using (Network network = (recipe with { Classes = ["one", "other"] }).BuildNetwork())
        {
            _ = FrozenParameters.Of(network, recipe.Training.Freeze);
        }

        if (recipe.From.Length > 0 && recipe.BuildInitialization().Scheme.Rule == InitializationRule.Lsuv)
        {
            throw new UsageException("--init lsuv rescales every layer and cannot be given with --from; choose another for the layers that are drawn anew.");
        }

        if (recipe.Statistics.Length > 0)
        {
            DatasetStatistics.Load(recipe.Statistics).CheckSize(recipe.Size);
        }

        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, people);
        ReadableClasses.Check(training);
        string fingerprint = DatasetFingerprint.Compute(training);
        if (recipe.DataFingerprint.Length > 0 && recipe.DataFingerprint != fingerprint)
        {
            CommandTree.Tell(people, $"The data in {recipe.Data} is not what it was in the recipe's run: the result will not be the same to the bit.");
        }

        recipe = recipe with
        {
            Classes = [.. training.Classes],
            DataFingerprint = fingerprint,
            ValidationFingerprint = validation is null ? "" : DatasetFingerprint.Compute(validation),
            FromChecksum = recipe.FromChecksum.Length > 0 || recipe.From.Length == 0 ? recipe.FromChecksum : WarmStart.Open(recipe.From).Checksum(),
        };
        return new TrainingData(recipe, training, validation);
    }

    /// <summary>Opens the data of a run that goes on.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="decoder">Reads pictures.</param>
    /// <param name="people">Hears what was found.</param>
    /// <param name="changed">Whether it may have changed since the run was begun.</param>
    /// <exception cref="RectifyException">It has changed and must not.</exception>
    public static TrainingData Reopen(Recipe recipe, IImageDecoder decoder, TextWriter people, bool changed)
    {
        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, people, recipe.Classes);
        if (!changed)
        {
            CheckUnchanged(training, recipe.DataFingerprint, recipe.Data);
            CheckUnchanged(validation, recipe.ValidationFingerprint, recipe.Validation);
        }

        return new TrainingData(recipe, training, validation);
    }

    /// <summary>Mean and colours of the training images, from a file or computed; null where the mean alone is wanted and no file has it: then less is computed.</summary>
    public DatasetStatistics? Statistics(int threads)
    {
        if (Recipe.Statistics.Length > 0)
        {
            DatasetStatistics statistics = DatasetStatistics.Load(Recipe.Statistics);
            _ = statistics.MeanFor(Training, Recipe.Size);
            return statistics;
        }

        StatisticsOptions options = new() { Samples = MeanImage.DefaultSamples, Threads = threads };
        return Recipe.Augmentation.ColourSigma > 0
            ? DatasetStatistics.Compute(Training, Recipe.Size, new Preprocessing(Recipe.Size).EvaluationScale, options)
            : null;
    }

    /// <summary>What training sees of an image.</summary>
    public SampleTransform Crops(MeanImage mean, ColourShift? colours) => new Preprocessing(Recipe.Size).Training(mean, Recipe.Augmentation, colours);

    /// <summary>How colours are altered; null where they are not.</summary>
    public ColourShift? Colours(DatasetStatistics? statistics) => Recipe.Augmentation.ColourSigma > 0 ? new ColourShift(statistics!, Recipe.Augmentation.ColourSigma) : null;

    /// <summary>What evaluation sees of an image.</summary>
    public SampleTransform View(MeanImage mean) => new Preprocessing(Recipe.Size).Evaluation(mean);

    private static void CheckUnchanged(IDataset? data, string fingerprint, string place)
    {
        if (data is not null && fingerprint.Length > 0 && DatasetFingerprint.Compute(data) != fingerprint)
        {
            throw new RectifyException(
                $"The data in {place} is not the data of this run: it has {data.Count} pictures now, and some were added, removed, renamed or changed since the run "
                + "was begun. Bring them back, begin a new run, or go on all the same with --changed-data.");
        }
    }
}
