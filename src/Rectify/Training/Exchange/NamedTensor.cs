using System.Globalization;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A parameter as a file has it. The numbers stand in the same order whatever the naming: [K,C,R,S], and of a fully connected layer [K,C,H,W] or, flattened,
/// [K,C·H·W], which is how a map [C,H,W] flattens outside.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Dimensions">Its shape there.</param>
internal sealed record NamedTensor(Parameter Parameter, string Name, IReadOnlyList<int> Dimensions)
{
    // A hidden fully connected layer of torchvision's is followed by a rectifier and a dropout, which are counted too.
    private const int ModulesPerHidden = 3;

    /// <summary>A network's parameters under the names of others.</summary>
    /// <remarks>torchvision and timm number the layers of a chain up to the first fully connected one, those without parameters too. A pyramid takes the place of
    /// torchvision's avgpool, which has no number; a PReLU's slopes are the "weight" of the module that stands where their ReLU does.</remarks>
    /// <exception cref="UsageException">The network is no such chain.</exception>
    public static IReadOnlyList<NamedTensor> Of(Network network, TensorNaming naming)
    {
        if (naming == TensorNaming.Rectify)
        {
            return [.. network.Parameters.Select(parameter => new NamedTensor(parameter, parameter.Name, parameter.Dimensions))];
        }

        List<NamedTensor> tensors = [];
        int module = 0;
        int linear = 0;
        int linears = network.Layers.Count(layer => layer is Linear);
        foreach (Layer layer in network.Layers)
        {
            string name = layer switch
            {
                Linear => LinearName(naming, linear++, linears),
                Rectifier when linear > 0 => RectifierName(naming, linear - 1),
                Convolution or MaxPool or Rectifier when linear == 0 => Text($"features.{module++}"),
                Dropout or SpatialPyramidPool => "",
                _ => throw new UsageException(
                    $"{network.Name}: {layer.Name} ({layer.Description}) has no name in {TensorNamings.NameOf(naming)}'s numbering of a chain of layers; use --names rectify."),
            };
            tensors.AddRange(layer.Parameters.Select(parameter =>
                new NamedTensor(parameter, $"{name}.{(parameter is Bias ? "bias" : "weight")}", Shape(layer, parameter, naming, last: linear == linears))));
        }

        return tensors;
    }

    private static string LinearName(TensorNaming naming, int linear, int linears) => naming == TensorNaming.Torchvision ? Text($"classifier.{ModulesPerHidden * linear}")
        : linear == linears - 1 ? "head.fc"
        : Text($"pre_logits.fc{linear + 1}");

    private static string RectifierName(TensorNaming naming, int linear) =>
        naming == TensorNaming.Torchvision ? Text($"classifier.{(ModulesPerHidden * linear) + 1}") : Text($"pre_logits.act{linear + 1}");

    private static IReadOnlyList<int> Shape(Layer layer, Parameter parameter, TensorNaming naming, bool last) =>
        layer is Linear && parameter is Weight weight && (naming == TensorNaming.Torchvision || last) ? [weight.Dimensions[0], weight.FanIn] : parameter.Dimensions;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
