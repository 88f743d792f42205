using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Models;

/// <summary>From a model's table to a network. Parameters are zero until they are initialized or loaded.</summary>
public static class ModelBuilder
{
    private const int PhotoChannels = 3;

    /// <summary>Builds a model of the catalog.</summary>
    /// <exception cref="RectifyException">An option makes no sense, or the crop is too small for the model.</exception>
    public static Network Build(string model, ModelOptions options) => Build(ModelCatalog.Find(model), options);

    /// <summary>Builds a model.</summary>
    /// <remarks>
    /// Names count as in VGG's tables: convN_M is the M-th layer after N−1 poolings (convN where it stands alone); fc1, fc2, … ; a rectifier adds ".rectifier"
    /// to its layer's name, and its slopes are "conv1.rectifier.slope".
    /// </remarks>
    /// <exception cref="RectifyException">An option makes no sense, or the crop is too small for the model.</exception>
    public static Network Build(ModelSpecification model, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        IReadOnlyList<ModelPart> parts = model.PartsFor(options.Crop);
        MapShape input = MapShape.Image(1, options.Crop, options.Crop, PhotoChannels);
        List<Layer> layers = [];
        MapShape shape = input;
        int linear = 0;

        void Add(Layer layer)
        {
            shape = layer.Output(shape);
            layers.Add(layer);
        }

        for (int i = 0; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case Conv conv:
                    string name = ConvolutionName(parts, i);
                    Add(new Convolution(name, shape.C, Scaled(conv.Filters, options), Window.Square(conv.Size, conv.Stride, conv.Pad), packedInput: layers.Count == 0));
                    Add(Activation(name, shape.C, options));
                    break;
                case Pool pool:
                    Add(new MaxPool($"pool{1 + parts.Take(i).Count(part => part is Pool)}", Window.Square(pool.Size, pool.Stride)));
                    break;
                case Pyramid pyramid:
                    Add(new SpatialPyramidPool("spp", pyramid.Levels));
                    break;
                case Hidden hidden:
                    string fc = $"fc{++linear}";
                    Add(new Linear(fc, shape, Scaled(hidden.Outputs, options)));
                    Add(Activation(fc, shape.C, options));
                    if (options.Dropout > 0f)
                    {
                        Add(new Dropout($"{fc}.dropout", options.Dropout));
                    }

                    break;
            }
        }

        Add(new Linear($"fc{linear + 1}", shape, options.Classes));
        return new Network(model.Name, input, layers);
    }

    private static void Validate(ModelOptions options)
    {
        if (options.Classes < 2)
        {
            throw new UsageException($"A classifier needs at least 2 classes, not {options.Classes}.");
        }

        if (options.Crop is < 8 or > 4096)
        {
            throw new UsageException($"The crop of {options.Crop} pixels is out of range; choose --size between 8 and 4096.");
        }

        if (!(options.Width is > 0.0 and <= 16.0))
        {
            throw new UsageException($"The width {options.Width} is out of range; choose --width above 0 and up to 16.");
        }

        if (!(options.Dropout is >= 0f and < 1f))
        {
            throw new UsageException($"--dropout {options.Dropout}: it is out of range; choose at least 0 and below 1, 0 for none.");
        }
    }

    private static int Scaled(int count, ModelOptions options) => Math.Max(1, (int)Math.Round(count * options.Width, MidpointRounding.AwayFromZero));

    private static string ConvolutionName(IReadOnlyList<ModelPart> parts, int index)
    {
        int stage = 1 + parts.Take(index).Count(part => part is Pool);
        int first = index;
        while (first > 0 && parts[first - 1] is Conv)
        {
            first--;
        }

        bool alone = first == index && (index + 1 == parts.Count || parts[index + 1] is not Conv);
        return alone ? $"conv{stage}" : $"conv{stage}_{index - first + 1}";
    }

    private static Rectifier Activation(string layer, int channels, ModelOptions options)
    {
        string name = $"{layer}.rectifier";
        return options.Activation switch
        {
            ActivationKind.PReLU => new PReLU(name, channels),
            ActivationKind.PReLUShared => new PReLU(name, channels, shared: true),
            ActivationKind.ReLU => new ReLU(name),
            _ => new LeakyReLU(name),
        };
    }
}
