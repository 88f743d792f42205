using Rectify.Data;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Onnx.Conversion;

/// <summary>Finds the model of the catalog that a converted network is: then it can be a run, which recipes describe.</summary>
public static class CatalogSearch
{
    /// <summary>The network as a model of the catalog with the same layers and the same numbers.</summary>
    /// <param name="converted">A converted network; not disposed.</param>
    /// <param name="model">The model's name; null to try all.</param>
    /// <exception cref="UsageException">There is no model of that name.</exception>
    /// <exception cref="RectifyException">It is none of them: their layers, windows or channels are others.</exception>
    public static TrainedNetwork Find(TrainedNetwork converted, string? model)
    {
        ArgumentNullException.ThrowIfNull(converted);
        foreach (ModelSpecification candidate in model is null ? ModelCatalog.All : [ModelCatalog.Find(model)])
        {
            if (Match(converted, candidate.Name) is { } recipe)
            {
                Network network = recipe.BuildNetwork();
                foreach ((Parameter from, Parameter to) in converted.Network.Parameters.Zip(network.Parameters))
                {
                    from.Values.CopyTo(to.Values);
                }

                return new TrainedNetwork(recipe, network, converted.Mean, CheckpointFolder.Best);
            }
        }

        throw new RectifyException(
            $"{converted.Recipe.Model} has other layers than {model ?? "all models of the catalog"}, and a run's network is one of them; "
            + "evaluate and diagnose take the file as it is.");
    }

    // The recipe with which a model has the same layers; null if there is none.
    private static Recipe? Match(TrainedNetwork converted, string model)
    {
        Recipe whole = converted.Recipe with { Model = model, Data = "", Mean = converted.Mean.Kind == MeanKind.PerPixel ? "per-pixel" : "per-channel" };
        try
        {
            using Network full = whole.BuildNetwork();

            // The widest layer tells the factor on all best: the roundings of narrow ones matter less.
            Recipe recipe = whole with { Width = (double)Widest(converted.Network) / Widest(full) };
            using Network network = recipe.BuildNetwork();
            return Layers(network).SequenceEqual(Layers(converted.Network)) && Shapes(network).SequenceEqual(Shapes(converted.Network)) ? recipe : null;
        }
        catch (RectifyException)
        {
            // The crop is too small for this model.
            return null;
        }
    }

    // The last layer has a filter for each class, whatever the width.
    private static int Widest(Network network) => network.Parameters.OfType<Weight>().SkipLast(1).Select(weight => weight.Dimensions[0]).DefaultIfEmpty(1).Max();

    private static IEnumerable<string> Layers(Network network) => network.Layers.Where(layer => layer is not Dropout).Select(layer => layer.Description);

    private static IEnumerable<string> Shapes(Network network) => network.Parameters.Select(parameter => string.Join(',', parameter.Dimensions));
}
