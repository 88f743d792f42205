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
    /// <summary>Sets every parameter: weights drawn, biases 0, learned slopes 0.25. Filter k of parameter i is a matter of (seed, i, k) alone, but for orthogonal ones.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">The rules.</param>
    /// <param name="seed">Another gives other weights.</param>
    /// <param name="workers">Threads that draw, the caller's alone if null; the bits are the same.</param>
    public static void Apply(Network network, InitializationOptions options, ulong seed, Workers? workers = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        using Workers? own = workers is null ? new Workers(1) : null;
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            foreach (Parameter parameter in network.Nodes[i].Parameters)
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
    /// <param name="node">Index of a node that has weights; in a chain that of its layer.</param>
    /// <param name="options">The rules.</param>
    /// <exception cref="ArgumentException">The node has no weights.</exception>
    public static WeightDistribution Distribution(Network network, int node, InitializationOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        Layer layer = network.Nodes[node].Layer;
        Weight weight = network.Nodes[node].Weight ?? throw new ArgumentException($"The layer {layer.Name} has no weights.", nameof(node));
        if (options.PaperLinear && layer is Linear)
        {
            bool last = !network.Nodes.Skip(node + 1).Any(other => other.Layer is Linear);
            return new WeightDistribution(last ? options.LastLinearStd : options.LinearStd);
        }

        double std = options.Scheme.Rule switch
        {
            InitializationRule.HeOut => InitializationMath.HeStd(weight.FanOut, SlopeAfter(network, node)),
            InitializationRule.HeIn => InitializationMath.HeStd(weight.FanIn, SlopeBefore(network, node)),
            InitializationRule.Xavier => InitializationMath.XavierStd(weight.FanIn),
            InitializationRule.XavierUniform => InitializationMath.GlorotStd(weight.FanIn, weight.FanOut),
            InitializationRule.Orthogonal or InitializationRule.Lsuv =>
                InitializationMath.OrthogonalStd(weight.FanIn, weight.Dimensions[0], SlopeBefore(network, node)),
            _ => options.Scheme.Std,
        };
        return new WeightDistribution(
            std * options.Factor,
            Uniform: options.Scheme.Rule == InitializationRule.XavierUniform,
            Orthogonal: options.Scheme.Rule is InitializationRule.Orthogonal or InitializationRule.Lsuv);
    }

    /// <summary>a of the rectifier between a node and the next with weights; 1 where there is none. Of several ways on, the first.</summary>
    public static double SlopeAfter(Network network, int node)
    {
        ArgumentNullException.ThrowIfNull(network);
        int map = node + 1;
        while (network.Nodes.FirstOrDefault(reader => reader.Sources.Contains(map)) is { Weight: null } next)
        {
            if (next.Layer is Rectifier rectifier)
            {
                return rectifier.InitialSlope;
            }

            map = MapOf(network, next);
        }

        return 1.0;
    }

    /// <summary>a of the rectifier between a node and the one with weights before it; 1 where there is none, but for the first the net's first.</summary>
    /// <remarks>Of a join's several ways back, the first: the branch of a residual block.</remarks>
    public static double SlopeBefore(Network network, int node)
    {
        ArgumentNullException.ThrowIfNull(network);
        int map = network.Nodes[node].Sources[0];
        while (map > 0 && network.Nodes[map - 1] is { Weight: null } before)
        {
            if (before.Layer is Rectifier rectifier)
            {
                return rectifier.InitialSlope;
            }

            map = before.Sources[0];
        }

        return map == 0 && network.Nodes.Select(other => other.Layer).OfType<Rectifier>().FirstOrDefault() is { } first ? first.InitialSlope : 1.0;
    }

    // Vectors lie along the longer side of the matrix [K, n]; their numbers have a mean square of 1/length.
    private static void DrawOrthogonal(Weight weight, double std, ulong seed, int index)
    {
        (int filters, int n, int taps) = (weight.Dimensions[0], weight.FanIn, weight.Dimensions[2] * weight.Dimensions[3]);
        bool rows = filters <= n;
        double[][] vectors = OrthogonalMath.Vectors(
            Math.Min(filters, n), Math.Max(filters, n), vector => new RandomStream(seed, RandomPurpose.Initialization, 0, (ulong)vector, index));
        double scale = std * Math.Sqrt(Math.Max(filters, n));
        Span<float> values = weight.Values;
        for (int k = 0; k < filters; k++)
        {
            for (int i = 0; i < n; i++)
            {
                double value = rows ? vectors[k][i] : vectors[i][k];
                values[weight.StoredIndex(k, i / taps, i % taps / weight.Dimensions[3], i % taps % weight.Dimensions[3])] = (float)(scale * value);
            }
        }
    }

    private static int MapOf(Network network, Node node)
    {
        int map = 1;
        while (network.Nodes[map - 1] != node)
        {
            map++;
        }

        return map;
    }

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
    private static void Draw(Weight weight, WeightDistribution distribution, ulong seed, int index, Workers workers)
    {
        if (distribution.Orthogonal)
        {
            DrawOrthogonal(weight, distribution.Std, seed, index);
            return;
        }

        ParallelLoop.Run(workers, MapShape.Blocks(weight.Dimensions[0]), (block, _) =>
        {
            int end = Math.Min(weight.Dimensions[0], (block + 1) * MapShape.ChannelBlock);
            for (int k = block * MapShape.ChannelBlock; k < end; k++)
            {
                Draw(weight, distribution, new RandomStream(seed, RandomPurpose.Initialization, 0, (ulong)k, index), k);
            }
        });
    }

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
