using System.Globalization;
using Rectify.Data;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Looks for a learning rate with a recipe's network and data; no run is made of it.</summary>
internal sealed class RateSession(KernelContext context, IImageDecoder decoder, TextWriter output, TextWriter errors, bool json)
{
    /// <summary>Sweeps the rate, shows the loss, and writes the curve to a file.</summary>
    public int Run(Recipe recipe, string file)
    {
        // Machines read standard output; people then read standard error.
        TextWriter people = json ? errors : output;
        file = OutputFile.Prepare("--find-lr", file);
        TrainingData data = TrainingData.Open(recipe, decoder, people);
        recipe = data.Recipe;
        using Network network = recipe.BuildNetwork();
        using (Trainer trainer = new(network, context, recipe.Training))
        {
            trainer.Check(data.Training, recipe.Size);
        }

        DatasetStatistics? statistics = data.Statistics(context.Workers.Count);
        MeanImage mean = FirstWeights.Set(network, data, statistics, context, people);
        using StopSignals stop = new(errors, () => "Stopping after this step.");
        RateFinder finder = new(network, context, recipe.Training);
        CommandTree.Tell(people, string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Model} × {recipe.Width:0.###}: {finder.Steps} mini-batches of {recipe.Training.BatchSize} "
            + $"while the rate grows from {RateFinder.Least:g} to {RateFinder.Most:g}"));
        RateSearch search = new(people, finder.Steps);
        RateSweep sweep;
        try
        {
            sweep = finder.Run(data.Training, data.Crops(mean, data.Colours(statistics)), search.Show, stop.Token);
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
}
