using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Initialization;

/// <summary>Draws a network's first parameters.</summary>
/// <remarks>
/// The slope in (1+a²) is, for the backward rule (14), that of the rectifier that follows the layer, and for the forward rules (10, 15) that of the one that
/// precedes it. Where none stands the theory has a = 1; the first layer uses the net's slope all the same, as the paper does ("the factor 1/2 does not matter
/// if it just exists on one layer").
/// </remarks>
public static class Initializer
{
    /// <summary>Sets every parameter: weights drawn, biases 0, learned slopes 0.25. Filter k of parameter i is a matter of (seed, i, k) alone.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">The rules.</param>
    /// <param name="seed">Another gives other weights.</param>
    /// <param name="workers">Threads that draw, the caller's alone if null; the bits are the same.</param>
    public static void Apply(Network network, InitializationOptions options, ulong seed, Workers? workers = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        using Workers? own = workers is null ? new Workers(1) : null;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            foreach (Parameter parameter in network.Layers[i].Parameters)
            {
                parameter.Values.Clear();
                switch (parameter)
                {
                    case Weight weight:
                        Draw(weight, Distribution(network, i, options), seed, IndexOf(network, weight), workers ?? own!);
                        break;
                    case Slope slope:
                        slope.Values[..slope.Dimensions[0]].Fill(Slope.InitialValue);
                        break;
                }
            }
        }
    }

    /// <summary>Where the weights of a layer are drawn from.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">Index of a layer that has weights.</param>
    /// <param name="options">The rules.</param>
    /// <exception cref="ArgumentException">The layer has no weights.</exception>
    public static WeightDistribution Distribution(Network network, int layer, InitializationOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        Weight weight = WeightOf(network.Layers[layer])
            ?? throw new ArgumentException($"The layer {network.Layers[layer].Name} has no weights.", nameof(layer));
        if (options.PaperLinear && network.Layers[layer] is Linear)
        {
            bool last = !network.Layers.Skip(layer + 1).OfType<Linear>().Any();
            return new WeightDistribution(last ? options.LastLinearStd : options.LinearStd);
        }

        return options.Scheme.Rule switch
        {
            InitializationRule.HeOut => new WeightDistribution(InitializationMath.HeStd(weight.FanOut, SlopeAfter(network, layer))),
            InitializationRule.HeIn => new WeightDistribution(InitializationMath.HeStd(weight.FanIn, SlopeBefore(network, layer))),
            InitializationRule.Xavier => new WeightDistribution(InitializationMath.XavierStd(weight.FanIn)),
            InitializationRule.XavierUniform => new WeightDistribution(InitializationMath.GlorotStd(weight.FanIn, weight.FanOut), Uniform: true),
            _ => new WeightDistribution(options.Scheme.Std),
        };
    }

    /// <summary>a of the rectifier between this layer and the next with weights; 1 where there is none.</summary>
    public static double SlopeAfter(Network network, int layer)
    {
        ArgumentNullException.ThrowIfNull(network);
        for (int i = layer + 1; i < network.Layers.Count && WeightOf(network.Layers[i]) is null; i++)
        {
            if (network.Layers[i] is Rectifier rectifier)
            {
                return rectifier.InitialSlope;
            }
        }

        return 1.0;
    }

    /// <summary>a of the rectifier between this layer and the one with weights before it; 1 where there is none, but for the first layer the net's first.</summary>
    public static double SlopeBefore(Network network, int layer)
    {
        ArgumentNullException.ThrowIfNull(network);
        int i = layer - 1;
        for (; i >= 0 && WeightOf(network.Layers[i]) is null; i--)
        {
            if (network.Layers[i] is Rectifier rectifier)
            {
                return rectifier.InitialSlope;
            }
        }

        bool first = i < 0;
        return first && network.Layers.OfType<Rectifier>().FirstOrDefault() is { } net ? net.InitialSlope : 1.0;
    }

    private static Weight? WeightOf(Layer layer) => layer.Parameters.OfType<Weight>().FirstOrDefault();

    private static int IndexOf(Network network, Parameter parameter)
    {
        int index = 0;
        while (network.Parameters[index] != parameter)
        {
            index++;
        }

        return index;
    }

    // A chunk is the filters whose weights lie side by side.
    private static void Draw(Weight weight, WeightDistribution distribution, ulong seed, int index, Workers workers) =>
        ParallelLoop.Run(workers, MapShape.Blocks(weight.Dimensions[0]), (block, _) =>
        {
            int end = Math.Min(weight.Dimensions[0], (block + 1) * MapShape.ChannelBlock);
            for (int k = block * MapShape.ChannelBlock; k < end; k++)
            {
                Draw(weight, distribution, new RandomStream(seed, RandomPurpose.Initialization, 0, (ulong)k, index), k);
            }
        });

    private static void Draw(Weight weight, WeightDistribution distribution, RandomStream random, int k)
    {
        Span<float> values = weight.Values;
        (int channels, int rows, int columns) = (weight.Dimensions[1], weight.Dimensions[2], weight.Dimensions[3]);
        float bound = (float)(distribution.Std * Math.Sqrt(3.0));
        for (int c = 0; c < channels; c++)
        {
            for (int tap = 0; tap < rows * columns; tap++)
            {
                values[weight.StoredIndex(k, c, tap / columns, tap % columns)] =
                    distribution.Uniform ? random.NextSingle(-bound, bound) : (float)(random.NextGaussian() * distribution.Std);
            }
        }
    }
}
