using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>The signal at each layer, predicted and measured: of the network as it was initialized, and as it is now.</summary>
/// <param name="Start">As it was: drawn anew by the recipe's seed. Empty where that cannot be done.</param>
/// <param name="End">As the checkpoint has it.</param>
/// <param name="Images">Pictures that were measured.</param>
/// <param name="WhyNoStart">Why <paramref name="Start"/> is empty.</param>
public sealed record SignalFacts(IReadOnlyList<PropagationRow> Start, IReadOnlyList<PropagationRow> End, int Images, string WhyNoStart)
{
    private const int SmallCropImages = 64;
    private const int LargeCropImages = 16;

    /// <summary>Makes a forward and a backward pass of each.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="data">Pictures, with the recipe's classes.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <exception cref="RectifyException">None of the first pictures can be read.</exception>
    public static SignalFacts Measure(TrainedNetwork trained, IDataset data, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(context);
        Recipe recipe = trained.Recipe;
        SampleTransform view = new Preprocessing(recipe.Size).Evaluation(trained.Mean);
        int images = Math.Min(data.Count, recipe.Size < Preprocessing.SmallCrop ? SmallCropImages : LargeCropImages);
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = images, Seed = recipe.Training.Seed, Shuffle = true });
        Batch batch = loader.Epoch(0).FirstOrDefault(batch => batch.Count > 0)
            ?? throw new RectifyException("No picture could be read; look at them with rectify dataset check.");
        IReadOnlyList<PropagationRow> end = Compare(trained.Network, Propagation.Predict(trained.Network), batch, recipe.Size, context);
        InitializationOptions initialization = recipe.BuildInitialization();
        string why = recipe.From.Length > 0 ? $"it began from the weights of {recipe.From}, not from ones that are drawn"
            : initialization.Scheme.Rule == InitializationRule.Lsuv ? "LSUV scales its weights by training pictures; see rectify diagnose --init lsuv"
            : "";
        if (why.Length > 0)
        {
            return new SignalFacts([], end, batch.Count, why);
        }

        using Network start = recipe.BuildNetwork();
        Initializer.Apply(start, initialization, recipe.Training.Seed, context.Workers);
        return new SignalFacts(Compare(start, Propagation.Predict(start, initialization), batch, recipe.Size, context), end, batch.Count, why);
    }

    private static IReadOnlyList<PropagationRow> Compare(Network network, PropagationPrediction prediction, Batch batch, int size, KernelContext context) =>
        Propagation.Compare(
            prediction,
            Propagation.Measure(network, context, MapShape.Image(batch.Count, size, size, 3), batch.Pixels, batch.Labels.AsSpan(0, batch.Count)));
}
