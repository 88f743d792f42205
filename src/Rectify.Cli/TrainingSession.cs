using System.Globalization;
using Rectify.Communication;
using Rectify.Data;
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

        return context = KernelsOf(recipe);
    }

    /// <summary>Starts a new run.</summary>
    public int Start(Recipe recipe, string? name)
    {
        TrainingData data = TrainingData.Open(recipe, decoder, _people);
        recipe = data.Recipe;
        IReadOnlyDictionary<string, string> words = DataSource.WordsOf(recipe.Data);
        using Network network = recipe.BuildNetwork();
        using Trainer trainer = new(network, context, recipe.Training, communicator);
        recipe.Training.RequireValidation(data.Validation is not null);
        trainer.Check(data.Training, recipe.Size);
        RequireTheSame(data);
        if (!communicator.IsFirst)
        {
            return Follow(trainer, data);
        }

        DatasetStatistics? statistics = data.Statistics(context.Workers.Count);
        MeanImage mean = FirstWeights.Set(network, data, statistics, context, _people);
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

                return Train(folder, taken, trainer, data, mean, statistics);
            }
            catch (Exception e) when (e is RectifyException or OutOfMemoryException or OverflowException && trainer.Position == TrainingPosition.Start)
            {
                folder.Abandon();
                throw;
            }
        }
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

        context = KernelsOf(recipe);
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
                    $"The run {folder.Name} is complete: epoch {recipe.Training.Epochs} of {recipe.Training.Epochs}. "
                    + $"Evaluate it with: rectify evaluate --run {TrainingSummary.NameOf(folder)}");
                if (json)
                {
                    TrainingSummary.WriteJson(output, folder, trainer.Position, interrupted: false);
                }

                return CommandTree.Done;
            }
        }

        _ = SharedState.Recipe(communicator, recipe);
        TrainingData data = TrainingData.Reopen(recipe, decoder, _people, changedData);
        trainer.Check(data.Training, recipe.Size);
        RequireTheSame(data);
        folder.Checkpoints.Recover(saved);
        bool kept = recipe.Augmentation.ColourSigma > 0 && File.Exists(folder.StatisticsPath);
        DatasetStatistics? statistics = kept ? DatasetStatistics.Load(folder.StatisticsPath)
            : mean is null || recipe.Augmentation.ColourSigma > 0 ? data.Statistics(context.Workers.Count) : null;
        mean ??= FirstWeights.Set(network, data, statistics, context, _people);
        return Train(folder, taken, trainer, data, mean, statistics);
    }

    private KernelContext KernelsOf(Recipe recipe) => new(context.Workers, context.Isa, context.Exact || recipe.Kernels == Recipe.ExactKernels);

    // The others of a run that goes on: the first has its folder.
    private int FollowResumed()
    {
        if (SharedState.Recipe(communicator, null) is not { } recipe)
        {
            return CommandTree.Done;
        }

        using Network network = recipe.BuildNetwork();
        using Trainer trainer = new(network, context, recipe.Training, communicator);
        TrainingData data = TrainingData.Reopen(recipe, decoder, TextWriter.Null, changed: true);
        RequireTheSame(data);
        return Follow(trainer, data);
    }

    // All ranks but the first: they neither write nor speak, and begin with what the first one has.
    private int Follow(Trainer trainer, TrainingData data)
    {
        SharedState.Share(communicator, trainer);
        MeanImage mean = SharedState.Mean(communicator, data.Recipe, null);
        ColourShift? colours = SharedState.Colours(communicator, data.Recipe, null);
        using StopSignals stop = new(TextWriter.Null);
        TrainingResult result = trainer.Run(data.Training, data.Validation, data.Crops(mean, colours), data.View(mean), null, stop.Token);
        return result.Interrupted ? CommandTree.Interrupted : CommandTree.Done;
    }

    private void RequireTheSame(TrainingData data)
    {
        if (communicator.IsShared)
        {
            SharedState.Require(
                communicator, $"version {RunOrigin.Version}\nrecipe {SharedState.Describe(data.Recipe)}\n{data.Fingerprints}\nvectors {context.Isa}");
        }
    }

    private int Train(RunFolder folder, RunLock taken, Trainer trainer, TrainingData data, MeanImage mean, DatasetStatistics? statistics)
    {
        Recipe recipe = data.Recipe;
        SharedState.Share(communicator, trainer);
        _ = SharedState.Mean(communicator, recipe, mean);
        ColourShift? colours = SharedState.Colours(communicator, recipe, data.Colours(statistics));
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
        using StopSignals stop = new(errors, () => string.Create(
            CultureInfo.InvariantCulture,
            $"Stopping after this step ({trainer.Position.TotalSteps} are done), then saving; once more leaves at once, with the last checkpoint whole."));
        TrainingResult Run(StatusContext? status) => trainer.Run(
            data.Training,
            data.Validation,
            data.Crops(mean, colours),
            data.View(mean),
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
