using System.Globalization;
using System.Runtime.InteropServices;
using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Training;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>Puts a training run together from its recipe: data, network, trainer, folder, progress.</summary>
internal sealed class TrainingSession(KernelContext context, IImageDecoder decoder, TextWriter output, TextWriter errors, bool json)
{
    // Machines read standard output; people then read standard error.
    private readonly TextWriter _people = json ? errors : output;

    /// <summary>Starts a new run.</summary>
    public int Start(Recipe recipe, string? name)
    {
        // Options that make no sense are found before any data is read.
        (recipe with { Classes = ["one", "other"] }).BuildNetwork().Dispose();
        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder);
        ReadableClasses.Check(training);
        recipe = recipe with { Classes = [.. training.Classes] };
        using Network network = recipe.BuildNetwork();
        Initializer.Apply(network, recipe.BuildInitialization(), recipe.Training.Seed);
        using Trainer trainer = new(network, context, recipe.Training);
        trainer.Check(training, recipe.Size);
        Preprocessing preprocessing = new(recipe.Size);
        MeanImage mean = MeanImage.Compute(training, recipe.Size, preprocessing.EvaluationScale);
        RunFolder folder = RunFolder.Create(name, recipe.Model);
        recipe.Save(folder.RecipePath);
        return Train(recipe, folder, trainer, training, validation, mean);
    }

    /// <summary>Continues a run from its last checkpoint.</summary>
    public int Resume(string name)
    {
        RunFolder folder = RunFolder.Open(name);
        using TrainedNetwork trained = folder.Load("last");
        Recipe recipe = trained.Recipe;
        if (recipe.Isa != context.Isa.ToString())
        {
            _people.WriteLine(
                $"The run was begun with {recipe.Isa} kernels and goes on with {context.Isa}: as good a result, but not the same to the bit.");
        }

        string kernels = context.Exact ? Recipe.ExactKernels : Recipe.DefaultKernels;
        if (recipe.Kernels != kernels)
        {
            _people.WriteLine(
                $"The run was begun with {recipe.Kernels} kernels and goes on with {kernels} ones (see --exact): as good a result, but not the same to the bit.");
        }

        (IDataset training, IDataset? validation) = DataSource.Open(recipe.Data, recipe.Validation, recipe.Size, decoder);
        IDataset mapped = ClassMap.Apply(training, recipe.Classes);
        using Trainer trainer = new(trained.Network, context, recipe.Training);
        trainer.Position = Checkpoint.LoadState(Checkpoint.StatePath(folder.CheckpointPath("last")), trained.Network, trainer.Optimizer);
        if (trainer.Position.Epoch >= recipe.Training.Epochs)
        {
            _people.WriteLine($"The run {folder.Name} is complete: {recipe.Training.Epochs} epochs. Evaluate it with: rectify evaluate --run {NameOf(folder)}");
            return CommandTree.Done;
        }

        return Train(recipe, folder, trainer, mapped, validation, trained.Mean);
    }

    private int Train(Recipe recipe, RunFolder folder, Trainer trainer, IDataset training, IDataset? validation, MeanImage mean)
    {
        Preprocessing preprocessing = new(recipe.Size);
        Network network = trainer.Network;
        string size = recipe.Size.ToString(CultureInfo.InvariantCulture);
        _people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Model} × {recipe.Width:0.###}, {recipe.Activation}, {recipe.Initialization}: {network.ParameterCount:N0} parameters "
            + $"({network.SlopeCount} slopes), {size}×{size} crops, {recipe.Classes.Count} classes"));
        _people.WriteLine($"{context.Workers.Count} threads, {EngineOptions.NameOf(context.Isa)}; the run is kept in {folder.FullPath}");
        using RunRecorder recorder = new(folder, trainer, mean);
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        TrainingResult Run(StatusContext? status) => trainer.Run(
            training,
            validation,
            preprocessing.Training(mean),
            preprocessing.Evaluation(mean),
            new TrainingProgress(_people, recorder, status),
            stop.Token);

        bool terminal = ReferenceEquals(_people, Console.Out) && AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        TrainingResult result = terminal ? AnsiConsole.Status().Start("starting", Run) : Run(null);
        foreach (SampleFailure failure in result.Failures)
        {
            errors.WriteLine($"skipped {failure.Name}: {failure.Reason}");
        }

        if (result.Interrupted)
        {
            recorder.SaveLast();
            errors.WriteLine(
                $"Interrupted in epoch {result.Position.Epoch + 1} after step {result.Position.TotalSteps}; saved. Go on with: rectify train --resume {NameOf(folder)}");
            return CommandTree.Interrupted;
        }

        Summarize(recipe, folder, network, result);
        return CommandTree.Done;
    }

    private void Summarize(Recipe recipe, RunFolder folder, Network network, TrainingResult result)
    {
        if (result.Validation is { } v)
        {
            _people.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"top-1 error {v.Top1ErrorPercent:F2} %, top-5 error {v.Top5ErrorPercent:F2} % on {v.Images:N0} validation images, "
                + $"after {result.Position.Epoch} epochs in {result.Elapsed.TotalSeconds:F0} s ({result.ImagesPerSecond:N0} images/s)"));
        }
        else
        {
            _people.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Position.Epoch} epochs in {result.Elapsed.TotalSeconds:F0} s ({result.ImagesPerSecond:N0} images/s), "
                + $"training loss {result.FinalLoss:F4}; no validation"));
        }

        _people.WriteLine($"run: {folder.FullPath}");
        string evaluate = recipe.Data.StartsWith(DataSource.Builtin, StringComparison.Ordinal) ? DataSource.Builtin : "PATH";
        _people.WriteLine($"next: rectify evaluate --run {NameOf(folder)} --data {evaluate}     rectify inspect --run {NameOf(folder)}");
        if (json)
        {
            JsonLine.Write(output, j =>
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
                j.WriteNumber("parameters", network.ParameterCount);
            });
        }
    }

    // What to write after --run: the name alone for a run under runs/.
    private static string NameOf(RunFolder folder) =>
        Path.GetDirectoryName(folder.FullPath) == Path.GetFullPath(RunFolder.DefaultRoot) ? folder.Name : folder.FullPath;

    // The first signal ends the step at hand; a second one ends the process, with the last checkpoint whole.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        if (!stop.IsCancellationRequested)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
