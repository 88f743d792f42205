using Rectify.Execution;
using Rectify.Kernels.Optimization;
using Rectify.Layers;

namespace Rectify.Diagnostics;

/// <summary>The share of each layer's update that is weight decay alone, ‖λw‖/(‖dw‖ + ‖λw‖), as a running mean over the steps that it looks at.</summary>
/// <remarks>
/// "A way of diagnosing diminishing gradients is to check whether the gradient is modulated only by weight decay" (the paper's footnote 2): near 1 the loss
/// has no say in a layer any more. Momentum does not matter: it sums both parts alike. Allocates nothing while it runs. Not thread-safe.
/// </remarks>
public sealed class DecayMonitor : IGradientSink
{
    /// <summary>The λ to judge by where training has none: the paper's.</summary>
    public const double Yardstick = 0.0005;

    // The mean reaches back over some ten looks.
    private const double Forgetting = 0.1;

    private readonly Dictionary<Parameter, Entry> _entries = [];
    private readonly double _decay;
    private readonly int _every;
    private readonly Entry? _first;

    /// <summary>A monitor of all weights of a network that are trained.</summary>
    /// <param name="network">The network.</param>
    /// <param name="decay">λ.</param>
    /// <param name="every">It looks at every so many-th step; a look reads weights and gradients once.</param>
    /// <param name="frozen">Parameters that are not trained: they have no gradient, and are left out.</param>
    public DecayMonitor(Network network, double decay, int every = 20, IReadOnlySet<Parameter>? frozen = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        (_decay, _every) = (decay, every);
        foreach (Node node in network.Nodes)
        {
            if (node.Weight is { } weight && frozen?.Contains(weight) != true)
            {
                Entry entry = new(node.Layer.Name, weight.Count);
                _first ??= entry;
                _entries[weight] = entry;
            }
        }
    }

    /// <summary>Layer by layer; NaN for one that it has not seen yet, or whose weights and gradient are all 0.</summary>
    public IReadOnlyList<DecayShare> Shares => [.. _entries.Values.Select(entry => new DecayShare(entry.Layer, entry.Looks == 0 ? double.NaN : entry.Mean))];

    /// <summary>Layer by layer, what the weights' gradients were at the last look; NaN for a layer that it has not seen yet.</summary>
    public IReadOnlyList<LayerGradient> Gradients => [.. _entries.Values.Select(entry => new LayerGradient(entry.Layer, entry.Norm / Math.Sqrt(entry.Count)))];

    /// <summary>How often it has looked at every layer.</summary>
    public int Looks { get; private set; }

    /// <summary>Looks at a complete gradient, if it is a weight's and its step's turn.</summary>
    public void Complete(Parameter parameter, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(workspace);
        if (!_entries.TryGetValue(parameter, out Entry? entry) || entry.Steps++ % _every != 0)
        {
            return;
        }

        // Weights come last to first, and the first layer's last.
        Looks += entry == _first ? 1 : 0;
        double decay = _decay * Math.Sqrt(InnerProduct.Of(parameter.Values, parameter.Values));
        entry.Norm = workspace.GradientNorm(parameter);
        double whole = entry.Norm + decay;
        if (whole > 0)
        {
            double share = decay / whole;
            entry.Mean += (share - entry.Mean) * Math.Max(Forgetting, 1.0 / ++entry.Looks);
        }
    }

    private sealed class Entry(string layer, long count)
    {
        public string Layer { get; } = layer;

        public long Count { get; } = count;

        public double Norm { get; set; } = double.NaN;

        public double Mean { get; set; }

        public int Looks { get; set; }

        public int Steps { get; set; }
    }
}

/// <summary>How much of a layer's update is weight decay.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Share">0: the loss alone; 1: decay alone.</param>
public readonly record struct DecayShare(string Layer, double Share);

/// <summary>How large the gradient of a layer's weights is.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Std">√(Σ dw² / n) over its n weights: the standard deviation about 0.</param>
public readonly record struct LayerGradient(string Layer, double Std);
