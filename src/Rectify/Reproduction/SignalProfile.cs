using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>The gradient in a run's network, layer by layer: before the first step and after the last.</summary>
/// <param name="Layers">Names of the layers with weights.</param>
/// <param name="Responses">Rms of Δy before the first step: the std, the mean being about zero.</param>
/// <param name="ResponsesAtEnd">The same with the last checkpoint.</param>
/// <param name="FirstWeights">Rms of dw of the first layer before the first step.</param>
/// <param name="FirstWeightsAtEnd">The same with the last checkpoint.</param>
internal sealed record SignalProfile(
    IReadOnlyList<string> Layers, IReadOnlyList<double> Responses, IReadOnlyList<double> ResponsesAtEnd, double FirstWeights, double FirstWeightsAtEnd)
{
    private const int Images = 128;

    /// <summary>Measures in one pass each, on the first validation images of the order that the run's seed gives.</summary>
    /// <remarks>The weights before the first step are drawn anew: the same bits.</remarks>
    public static SignalProfile Of(RunFolder folder, IDataset images, KernelContext context)
    {
        using TrainedNetwork trained = folder.Load(CheckpointFolder.Last);
        Recipe recipe = trained.Recipe;
        using BatchLoader loader = new(
            images,
            new Preprocessing(recipe.Size).Evaluation(trained.Mean),
            new LoaderOptions { BatchSize = Math.Min(Images, images.Count), Seed = recipe.Training.Seed, Shuffle = true });
        Batch batch = loader.Epoch(0).FirstOrDefault(batch => batch.Count > 0)
            ?? throw new RectifyException("No validation picture could be read; look at them with rectify dataset check.");

        PropagationMeasurement Measure(Network network) => Propagation.Measure(
            network, context, MapShape.Image(batch.Count, recipe.Size, recipe.Size, 3), batch.Pixels, batch.Labels.AsSpan(0, batch.Count));

        using Network fresh = recipe.BuildNetwork();
        Initializer.Apply(fresh, recipe.BuildInitialization(), recipe.Training.Seed, context.Workers);
        PropagationMeasurement start = Measure(fresh);
        PropagationMeasurement end = Measure(trained.Network);
        return new SignalProfile(
            [.. start.Layers.Select(layer => layer.Name)],
            [.. start.Layers.Select(layer => layer.ResponseGradient.Rms)],
            [.. end.Layers.Select(layer => layer.ResponseGradient.Rms)],
            start.Layers[0].WeightGradientRms,
            end.Layers[0].WeightGradientRms);
    }
}
