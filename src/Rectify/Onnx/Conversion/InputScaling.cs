using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>What a model was trained to see: (pixel − mean)·scale for each of R, G, B, pixels from 0 to 255; and which channel comes first.</summary>
public sealed record InputScaling
{
    /// <summary>What is subtracted from pixels 0..255: R, G, B.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <summary>What is multiplied then: R, G, B; 1/255 and the like.</summary>
    public IReadOnlyList<double> Scale { get; init; } = [1, 1, 1];

    /// <summary>Whether the model's first channel is blue.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>What torchvision's models see: ImageNet's mean (0.485, 0.456, 0.406) and deviation (0.229, 0.224, 0.225) of pixels from 0 to 1.</summary>
    public static InputScaling Torchvision { get; } = new()
    {
        Mean = [255 * 0.485, 255 * 0.456, 255 * 0.406],
        Scale = [1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)],
    };

    /// <exception cref="UsageException">There are not three numbers each, or one is not finite or a scale is 0.</exception>
    internal void Check() => UsageException.Require(
        Mean.Count == 3 && Scale.Count == 3 && Mean.Concat(Scale).All(double.IsFinite) && !Scale.Contains(0),
        $"--mean and --scale: write three finite numbers each, for R, G and B; a scale is not 0.");
}
