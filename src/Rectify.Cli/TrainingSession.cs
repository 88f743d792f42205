using System.Globalization;
using Rectify.Communication;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>Puts a training run together from its recipe: data, network, trainer, folder, progress.</summary>
internal sealed class TrainingSession(
    KernelContext context, IImageDecoder decoder, TextWriter output, TextWriter errors, bool json, bool events, Communicator communicator)
{
    // Machines read standard output; people then read standard error.
    private readonly TextWriter _people = json ? errors : output;

    /// <summary>How often a checkpoint is written within an epoch.</summary>
    public TimeSpan SaveEvery { get; init; } = new RecorderOptions().SaveEvery;

    /// <summary>Takes the kernels that a recipe was made with, as far as the machine has them, and says where the bits will differ.</summary>
    /// <returns>What will be computed with.</returns>
    public KernelContext FollowKernels(Recipe recipe)
    {
        if (recipe.Isa.Length > 0 && recipe.Isa != context.Isa.ToString())
        {
            CommandTree.Tell(_people, $"The recipe's run used {recipe.Isa} kernels and this one uses {context.Isa}: as good a result, but not the same to the bit.");
        }

        return context = new KernelContext(context.Workers, context.Isa, context.Exact || recipe.Kernels == Recipe.ExactKernels);
    }

    /// <summary>Starts a new run.</summary>
    public int Start(Recipe recipe, string? name)
    {
        (recipe, IDataset training, IDataset? validation) = Open(recipe);
        IReadOnlyDictionary<string, string> words = DataSource.WordsOf(recipe.Data);
        using Network network = recipe.BuildNetwork();
        using Trainer trainer = new(network, context, recipe.Training, communicator);
        recipe.Training.RequireValidation(validation is not null);
        trainer.Check(training, recipe.Size);
        DatasetStatistics? statistics = Statistics(recipe, training);
        MeanImage mean = FromTheBeginning(recipe, network, training, statistics);
        if (!communicator.IsFirst)
        {
            return Follow(recipe, trainer, training, validation, mean, Colour(recipe, statistics));
        }

        (RunFolder folder, RunLock taken) = RunFolder.Create(name, recipe.Model);
        using (taken)
        {
            recipe.Save(folder.RecipePath);
            ClassWords.Write(folder.WordsPath, recipe.Classes, words);
            try
            {
                if (recipe.Augmentation.ColourSigma > 0)
                {
                    statistics!.Save(folder.StatisticsPath);
                }

                return Train(recipe, folder, taken, trainer, training, validation, mean, Colour(recipe, statistics));
            }
            catch (Exception e) when (e is RectifyException or OutOfMemoryException or OverflowException && trainer.Position == TrainingPosition.Start)
            {
                folder.Abandon();
                throw;
            }
        }
    }

    /// <summary>Looks for a learning rate with a recipe's network and data; no run is made of it.</summary>
    public int FindRate(Recipe recipe, string file)
    {
        (recipe, IDataset training, _) = Open(recipe);
        using Network network = recipe.BuildNetwork();
        using (Trainer trainer = new(network, context, recipe.Training))
        {
            trainer.Check(training, recipe.Size);
        }

        DatasetStatistics? statistics = Statistics(recipe, training);
        MeanImage mean = FromTheBeginning(recipe, network, training, statistics);
        using StopSignals stop = new(errors, "Stopping after this step.");
        RateFinder finder = new(network, context, recipe.Training);
        CommandTree.Tell(_people, string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Model} × {recipe.Width:0.###}: {finder.Steps} mini-batches of {recipe.Training.BatchSize} "
            + $"while the rate grows from {RateFinder.Least:g} to {RateFinder.Most:g}"));
        RateSearch search = new(_people, finder.Steps);
        RateSweep sweep;
        try
        {
            SampleTransform view = new Preprocessing(recipe.Size).Training(mean, recipe.Augmentation, Colour(recipe, statistics));
            sweep = finder.Run(training, view, search.Show, stop.Token);
        }
        catch (OperationCanceledException)
        {
            CommandTree.Tell(errors, "rectify: interrupted; nothing was written.");
            return CommandTree.Interrupted;
        }

        search.Print(sweep, file);
        if (json)
        {
            RateSearch.WriteJson(output, sweep, file);
        }

        return CommandTree.Done;
    }

    // The data of a recipe, and the recipe with what follows from it.
    private (Recipe Recipe, IDataset Training, IDataset? Validation) Open(Recipe recipe)
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

        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, _people);
        ReadableClasses.Check(training);
        string fingerprint = DatasetFingerprint.Compute(training);
        if (recipe.DataFingerprint.Length > 0 && recipe.DataFingerprint != fingerprint)
        {
            CommandTree.Tell(_people, $"The data in {recipe.Data} is not what it was in the recipe's run: the result will not be the same to the bit.");
        }

        recipe = recipe with
        {
            Classes = [.. training.Classes],
            DataFingerprint = fingerprint,
            ValidationFingerprint = validation is null ? "" : DatasetFingerprint.Compute(validation),
            FromChecksum = recipe.FromChecksum.Length > 0 || recipe.From.Length == 0 ? recipe.FromChecksum : WarmStart.Open(recipe.From).Checksum(),
        };
        return (recipe, training, validation);
    }

    /// <summary>Continues a run from its newest whole checkpoint, or from the beginning where it was stopped before the first.</summary>
    public int Resume(string name, bool changedData)
    {
        if (!communicator.IsFirst)
        {
            return FollowResumed();
        }

        RunFolder folder = RunFolder.Open(name);
        using RunLock taken = RunLock.Take(folder.FullPath);
        Recipe recipe = Recipe.Load(folder.RecipePath);
        if (recipe.Isa != context.Isa.ToString())
        {
            CommandTree.Tell(_people,
                $"The run was begun with {recipe.Isa} kernels and goes on with {context.Isa}: as good a result, but not the same to the bit.");
        }

        if (context.Exact && recipe.Kernels != Recipe.ExactKernels)
        {
            CommandTree.Tell(_people, "The run was begun with default kernels and goes on with exact ones: as good a result, but not the same to the bit.");
        }

        context = new KernelContext(context.Workers, context.Isa, context.Exact || recipe.Kernels == Recipe.ExactKernels);
        SavedState? saved = folder.Checkpoints.Newest(out IReadOnlyList<string> damaged);
        if (saved is null && folder.Checkpoints.Names().Contains(CheckpointFolder.Last))
        {
            throw new RectifyException($"{string.Join(" ", damaged)} No checkpoint of {folder.FullPath} is whole, so it cannot go on; train it anew under another --run.");
        }

        if (saved is null)
        {
            CommandTree.Tell(_people, "There is no checkpoint from which the run could go on; it begins anew.");
        }

        foreach (string what in damaged)
        {
            CommandTree.Tell(errors, saved is null ? what : $"{what} The run goes on from the checkpoint before it.");
        }

        using Network network = recipe.BuildNetwork();
        using Trainer trainer = new(network, context, recipe.Training, communicator);
        MeanImage? mean = null;
        if (saved is not null)
        {
            mean = Checkpoint.LoadWeights(saved.Weights, network);
            trainer.Position = Checkpoint.LoadState(saved.State, network, trainer.Optimizer);
            if (trainer.Position.Epoch >= recipe.Training.Epochs)
            {
                _ = SharedState.Recipe(communicator, null);
                CommandTree.Tell(_people,
                    $"The run {folder.Name} is complete: epoch {recipe.Training.Epochs} of {recipe.Training.Epochs}. Evaluate it with: rectify evaluate --run {TrainingSummary.NameOf(folder)}");
                if (json)
                {
                    TrainingSummary.WriteJson(output, folder, trainer.Position, interrupted: false);
                }

                return CommandTree.Done;
            }
        }

        _ = SharedState.Recipe(communicator, recipe);
        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, _people, recipe.Classes);
        if (!changedData)
        {
            CheckUnchanged(training, recipe.DataFingerprint, recipe.Data);
            CheckUnchanged(validation, recipe.ValidationFingerprint, recipe.Validation);
        }

        trainer.Check(training, recipe.Size);
        folder.Checkpoints.Recover(saved);
        bool kept = recipe.Augmentation.ColourSigma > 0 && File.Exists(folder.StatisticsPath);
        DatasetStatistics? statistics = kept ? DatasetStatistics.Load(folder.StatisticsPath)
            : mean is null || recipe.Augmentation.ColourSigma > 0 ? Statistics(recipe, training) : null;
        mean ??= FromTheBeginning(recipe, network, training, statistics);
        return Train(recipe, folder, taken, trainer, training, validation, mean, Colour(recipe, statistics));
    }

    // The others of a run that goes on: the first has its folder.
    private int FollowResumed()
    {
        if (SharedState.Recipe(communicator, null) is not { } recipe)
        {
            return CommandTree.Done;
        }

        using Network network = recipe.BuildNetwork();
        using Trainer trainer = new(network, context, recipe.Training, communicator);
        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder, TextWriter.Null, recipe.Classes);
        DatasetStatistics? statistics = Statistics(recipe, training);
        return Follow(recipe, trainer, training, validation, FromTheBeginning(recipe, network, training, statistics), Colour(recipe, statistics));
    }

    // All ranks but the first: they neither write nor speak.
    private int Follow(Recipe recipe, Trainer trainer, IDataset training, IDataset? validation, MeanImage mean, ColourShift? colour)
    {
        Agree(recipe, trainer, training, validation, mean);
        Preprocessing preprocessing = new(recipe.Size);
        using StopSignals stop = new(TextWriter.Null);
        TrainingResult result = trainer.Run(
            training, validation, preprocessing.Training(mean, recipe.Augmentation, colour), preprocessing.Evaluation(mean), null, stop.Token);
        return result.Interrupted ? CommandTree.Interrupted : CommandTree.Done;
    }

    private void Agree(Recipe recipe, Trainer trainer, IDataset training, IDataset? validation, MeanImage mean)
    {
        if (!communicator.IsShared)
        {
            return;
        }

        string validated = validation is null ? "none" : DatasetFingerprint.Compute(validation);
        SharedState.Require(
            communicator,
            $"version {RunOrigin.Version}\nrecipe {SharedState.Describe(recipe)}\ntraining images {DatasetFingerprint.Compute(training)}\n"
                + $"validation images {validated}\nvectors {context.Isa}");
        SharedState.Share(communicator, trainer, mean);
    }

    private static void CheckUnchanged(IDataset? data, string fingerprint, string place)
    {
        if (data is not null && fingerprint.Length > 0 && DatasetFingerprint.Compute(data) != fingerprint)
        {
            throw new RectifyException(
                $"The data in {place} is not the data of this run: it has {data.Count} pictures now, and some were added, removed, renamed or changed since the run "
                + "was begun. Bring them back, begin a new run, or go on all the same with --changed-data.");
        }
    }

    private static ColourShift? Colour(Recipe recipe, DatasetStatistics? statistics) =>
        recipe.Augmentation.ColourSigma > 0 ? new ColourShift(statistics!, recipe.Augmentation.ColourSigma) : null;

    // Where the mean alone is wanted and no file has it, null: then less is computed.
    private DatasetStatistics? Statistics(Recipe recipe, IDataset training)
    {
        if (recipe.Statistics.Length > 0)
        {
            DatasetStatistics statistics = DatasetStatistics.Load(recipe.Statistics);
            _ = statistics.MeanFor(training, recipe.Size);
            return statistics;
        }

        StatisticsOptions options = new() { Samples = MeanImage.DefaultSamples, Threads = context.Workers.Count };
        return recipe.Augmentation.ColourSigma > 0
            ? DatasetStatistics.Compute(training, recipe.Size, new Preprocessing(recipe.Size).EvaluationScale, options)
            : null;
    }

    // Initializes the network and computes the mean: the same bits each time.
    private MeanImage FromTheBeginning(Recipe recipe, Network network, IDataset training, DatasetStatistics? statistics)
    {
        InitializationOptions initialization = recipe.BuildInitialization();
        Preprocessing preprocessing = new(recipe.Size);
        Initializer.Apply(network, initialization, recipe.Training.Seed, context.Workers);
        if (recipe.From.Length > 0)
        {
            TakeOver(recipe, network);
        }

        MeanImage mean = statistics is not null
            ? statistics.Mean.As(recipe.MeanKind)
            : MeanImage.Compute(training, recipe.Size, preprocessing.EvaluationScale, recipe.MeanKind, workers: context.Workers);
        if (initialization.Scheme.Rule == InitializationRule.Lsuv)
        {
            LayerSequentialUnitVariance.Apply(network, context, training, preprocessing.Evaluation(mean), recipe.Training.Seed);
        }

        return mean;
    }

    // What is not taken over is listed: nothing in silence.
    private void TakeOver(Recipe recipe, Network network)
    {
        WarmStart weights = WarmStart.Open(recipe.From);
        if (recipe.FromChecksum.Length > 0 && recipe.FromChecksum != weights.Checksum())
        {
            throw new RectifyException(
                $"{recipe.From} has changed since the recipe was written, so it would not begin in the same weights; bring the file back, or name it anew with --from.");
        }

        WarmStartReport report = weights.Apply(network, recipe.Classes);
        CommandTree.Tell(_people, $"{report.Loaded.Count} of {network.Parameters.Count} parameters begin as in {recipe.From}");
        foreach (IGrouping<string, LeftParameter> left in report.Left.GroupBy(left => left.Reason))
        {
            CommandTree.Tell(_people, $"  drawn anew: {string.Join(", ", left.Select(each => each.Name))}: {left.Key}");
        }

        if (report.Unused.Count > 0)
        {
            CommandTree.Tell(_people, $"  not used: {string.Join(", ", report.Unused)}");
        }
    }

    private int Train(
        Recipe recipe, RunFolder folder, RunLock taken, Trainer trainer, IDataset training, IDataset? validation, MeanImage mean, ColourShift? colour)
    {
        Agree(recipe, trainer, training, validation, mean);
        Preprocessing preprocessing = new(recipe.Size);
        Network network = trainer.Network;
        string size = recipe.Size.ToString(CultureInfo.InvariantCulture);
        string threads = context.Workers.Count == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{context.Workers.Count} threads");
        CommandTree.Tell(_people, string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Model} × {recipe.Width:0.###}, {recipe.Activation}, {recipe.Initialization}: {network.ParameterCount:N0} parameters "
            + $"({network.SlopeCount} slopes), {size}×{size} crops, {recipe.Classes.Count} classes"));
        string ranks = communicator.IsShared ? string.Create(CultureInfo.InvariantCulture, $"{communicator.Size} processes with ") : "";
        CommandTree.Tell(_people, $"{ranks}{threads}, {EngineOptions.NameOf(context.Isa)}; the run is kept in {folder.FullPath}");
        if (trainer.Position != TrainingPosition.Start)
        {
            CommandTree.Tell(_people, string.Create(
                CultureInfo.InvariantCulture, $"going on in epoch {trainer.Position.Epoch + 1} after step {trainer.Position.TotalSteps}"));
        }

        RunRecorder recorder = new(folder, taken, recipe, trainer, mean, new RecorderOptions
        {
            SaveEvery = SaveEvery,
            Events = events,
            Report = sentence => CommandTree.Tell(errors, sentence),
        });
        using StopSignals stop = new(errors, "Stopping after this step, then saving; once more leaves at once, with the last checkpoint whole.");
        TrainingResult Run(StatusContext? status) => trainer.Run(
            training,
            validation,
            preprocessing.Training(mean, recipe.Augmentation, colour),
            preprocessing.Evaluation(mean),
            new TrainingProgress(_people, errors, recorder, status),
            stop.Token);

        string resume = $"rectify train --resume {TrainingSummary.NameOf(folder)}";
        TrainingResult result;
        try
        {
            bool terminal = ReferenceEquals(_people, Console.Out) && AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
            result = terminal ? AnsiConsole.Status().Start("starting", Run) : Run(null);
        }
        catch (TrainingDivergedException e)
        {
            recorder.SaveLog();
            string healthy = folder.Checkpoints.Newest(out _) is { } last
                ? string.Create(CultureInfo.InvariantCulture, $"The last healthy checkpoint is {last.Weights}, of step {last.Position.TotalSteps}.")
                : "There is no checkpoint before it.";
            throw new RectifyException($"{e.Message} {healthy}", e);
        }
        catch (RectifyException e) when (trainer.Position.TotalSteps > 0)
        {
            recorder.SaveLast();
            throw new RectifyException($"{e.Message} Saved after step {trainer.Position.TotalSteps}; when it is mended, go on with: {resume}", e);
        }
        catch (Exception) when (trainer.Position.TotalSteps > 0)
        {
            recorder.SaveLast();
            throw;
        }

        TrainingSummary.WriteFailures(errors, result.Failures);
        if (result.Interrupted)
        {
            recorder.SaveLast();
            CommandTree.Tell(errors, $"Interrupted in epoch {result.Position.Epoch + 1} after step {result.Position.TotalSteps}; saved. Go on with: {resume}");
            if (json)
            {
                TrainingSummary.WriteJson(output, folder, result.Position, interrupted: true);
            }

            return CommandTree.Interrupted;
        }

        recorder.Finish();
        TrainingSummary.Write(_people, recipe, folder, result);
        if (json)
        {
            TrainingSummary.WriteJson(output, folder, result, network.ParameterCount);
        }

        return CommandTree.Done;
    }
}
