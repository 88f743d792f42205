using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>What a model was trained to see: (pixel − mean)·scale for each of R, G, B, pixels from 0 to 255; and which channel comes first.</summary>
public sealed record InputScaling
{
    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public const string Names = "pixels, unit, imagenet or caffe";

    private const double White = 255.0;

    /// <summary>What is subtracted from pixels 0..255: R, G, B.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <summary>What is multiplied then: R, G, B; 1/255 and the like.</summary>
    public IReadOnlyList<double> Scale { get; init; } = [1, 1, 1];

    /// <summary>Whether the model's first channel is blue.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>RGB, 0..255.</summary>
    public static InputScaling Pixels { get; } = new();

    /// <summary>One of <see cref="Names"/>: RGB 0..255; RGB 0..1; RGB 0..1 minus ImageNet's mean (0.485, 0.456, 0.406) through its deviation (0.229, 0.224, 0.225), as
    /// in torchvision; BGR 0..255 minus ImageNet's mean (R 123.68, G 116.779, B 103.939), as in Caffe's models.</summary>
    /// <exception cref="UsageException">It is none of them.</exception>
    public static InputScaling Parse(string name) => name switch
    {
        "pixels" => Pixels,
        "unit" => Of([0, 0, 0], [1, 1, 1]),
        "imagenet" => Of([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        "caffe" => new InputScaling { Mean = [123.68, 116.779, 103.939], BlueFirst = true },
        _ => throw new UsageException($"--input {name}: choose {Names}."),
    };

    /// <summary>(pixel/255 − mean)/std.</summary>
    /// <param name="mean">R, G, B, in 0..1.</param>
    /// <param name="std">R, G, B, in 0..1.</param>
    /// <exception cref="UsageException">There are not three numbers each, or they are not finite, or a std is not above 0.</exception>
    public static InputScaling Of(IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        UsageException.Require(
            mean.Count == 3 && std.Count == 3 && mean.Concat(std).All(double.IsFinite) && std.All(value => value > 0),
            $"--mean and --std: give red, green and blue with commas between, as in 0.485,0.456,0.406; a std is above 0.");
        return new InputScaling { Mean = [.. mean.Select(value => White * value)], Scale = [.. std.Select(value => 1 / (White * value))] };
    }
}
