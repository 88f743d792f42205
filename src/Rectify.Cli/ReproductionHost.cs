using Rectify.Communication;
using Rectify.Data;
using Rectify.Kernels;
using Rectify.Reports;
using Rectify.Reproduction;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Trains the runs of experiments as rectify train does, and opens their pictures.</summary>
internal sealed class ReproductionHost(KernelContext context, IImageDecoder decoder, TextWriter people, TextWriter errors) : IReproductionHost
{
    public bool Train(Recipe recipe, string folder, bool begun)
    {
        TrainingSession session = new(context, decoder, people, errors, json: false, events: true, Alone.Instance);
        return (begun ? session.Resume(folder, changedData: false) : session.Start(recipe, folder)) == CommandTree.Done;
    }

    public IDataset OpenTest(Recipe recipe) => ClassMap.Apply(DataSource.OpenTest(recipe.Data, recipe.Size, decoder, people), recipe.Classes);

    public (IDataset Training, IDataset Validation) Open(Recipe recipe)
    {
        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, null, recipe.Classes);
        return (training, validation!);
    }

    public void Tell(string line) => CommandTree.Tell(people, line);

    /// <summary>Writes a result as a page beside its other files; without charts where there is nothing that draws them.</summary>
    /// <param name="root">Where runs and results lie.</param>
    /// <param name="result">The result.</param>
    public void WritePage(string root, ExperimentResult result)
    {
        ChartScripts? scripts = null;
        try
        {
            scripts = ChartScripts.Find(people.WriteLine);
        }
        catch (RectifyException e)
        {
            errors.WriteLine($"rectify: the report is written without charts: {e.Message}");
        }

        ExperimentPage.Write(
            Path.Combine(ResultFiles.FolderOf(root, result), ExperimentPage.FileName),
            result,
            scripts,
            () => OpenTest(Recipe.Load(RunFolder.Open(Path.Combine(root, result.Runs[0])).RecipePath)),
            ReportPictures.Encoder());
    }

    /// <summary>The pictures of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="path">What --data says; null for what the environment says.</param>
    /// <exception cref="UsageException">The scale needs data, and none is named.</exception>
    public ReproductionData Open(ReproductionScale scale, string? path)
    {
        if (scale == ReproductionScale.Builtin)
        {
            return path is null ? ReproductionData.OfBuiltin : throw new UsageException("--data is for the scales cifar, photos and imagenet: the built-in pictures need none.");
        }

        string name = ReproductionScales.NameOf(scale);
        string variable = ReproductionScales.VariableOf(scale)!;
        string data = DataSource.Absolute(path ?? Environment.GetEnvironmentVariable(variable)
            ?? throw new UsageException($"--scale {name} needs data: name it with --data PATH, or in the environment variable {variable}."));
        if (DataSource.IsBuiltin(data))
        {
            throw new UsageException($"--data {data}: built-in pictures are those of --scale builtin.");
        }

        DatasetLayout layout = DatasetLayout.Find(data);
        string validation = layout.Has(DatasetPart.Validation) ? layout.PathOf(DatasetPart.Validation) : DataSource.Split;
        int crop = scale == ReproductionScale.Cifar ? 32 : Preprocessing.PaperCrop;
        (IDataset training, IDataset? held) = DataSource.Open(data, validation, crop, decoder);
        return new ReproductionData(data, validation, DatasetFingerprint.Compute(training), DatasetFingerprint.Compute(held!))
        {
            Images = training.Count,
            ValidationImages = held!.Count,
        };
    }
}
