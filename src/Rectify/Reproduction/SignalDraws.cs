using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Reproduction;

/// <summary>What a network does to a signal, measured over draws of its weights: inputs and the gradient of the output are normal, biases 0.</summary>
/// <param name="context">Threads and vector width.</param>
internal sealed class SignalDraws(KernelContext context)
{
    private const int Images = 4;
    private const int Side = 8;

    /// <summary>1×1 layers of so many channels, a ReLU after each: no edges, strides and pools, which the theory leaves out.</summary>
    public static Network Chain(params IReadOnlyList<int> channels)
    {
        List<Layer> layers = [];
        for (int i = 1; i < channels.Count; i++)
        {
            layers.Add(new Convolution($"conv{i}", channels[i - 1], channels[i], Window.Square(1)));
            layers.Add(new ReLU($"f{i}"));
        }

        return new Network("chain", MapShape.Map(1, Side, Side, channels[0]), layers);
    }

    /// <summary>The VGG team's model B with its filters; crops of 64 and few classes, that the fully connected layers stay small.</summary>
    public static Network VggB() => ModelBuilder.Build("vgg-b", new ModelOptions { Activation = ActivationKind.ReLU, Crop = 64, Classes = MapShape.ChannelBlock, Dropout = 0f });

    /// <summary>The rule of an initialization, for all layers.</summary>
    public static InitializationOptions Rule(string scheme) => new() { Scheme = InitializationScheme.Parse(scheme), PaperLinear = false };

    /// <summary>Measures something in each draw.</summary>
    /// <param name="network">A network whose maps have no surplus lanes; its weights are overwritten.</param>
    /// <param name="scheme">How weights are drawn.</param>
    /// <param name="draws">How often.</param>
    /// <param name="what">What, from the pass and the rms of the output's gradient.</param>
    public double[] Measure(Network network, string scheme, int draws, Func<PropagationMeasurement, double, double> what)
    {
        MapShape input = network.Input.WithBatch(Images);
        float[] x = Normal(input.Length, 1);
        float[] dy = Normal(network.Output.WithBatch(Images).Length, 2);
        double rms = MapStatistics.Of(network.Output.WithBatch(Images), dy).Rms;
        double[] values = new double[draws];
        for (int i = 0; i < draws; i++)
        {
            // Other draws for another scheme: with the same ones two schemes differ by exactly the quotient of their stds, which would measure nothing.
            Initializer.Apply(network, Rule(scheme), Seed(scheme, i), context.Workers);
            values[i] = what(Propagation.Measure(network, context, input, x, (ReadOnlySpan<float>)dy), rms);
        }

        return values;
    }

    private static ulong Seed(string scheme, int draw) => scheme.Aggregate((ulong)draw + 1, (seed, letter) => (31 * seed) + letter);

    private static float[] Normal(int count, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.Testing, 0, 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return values;
    }
}
