using Rectify.Execution;
using Rectify.Kernels.Linear;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Benchmarks;

/// <summary>Reckons how long a mini-batch takes on several machines from what its parts take on one.</summary>
/// <remarks>
/// A gradient travels when its layer's way back is done and those before have travelled, while the layers before it are computed; the momentum step waits for the last.
/// Nothing is in it of machines that are slower than others, of links that several share, nor of the loader.
/// </remarks>
public sealed class ClusterModel
{
    private readonly int _batch;
    private readonly int _connected;
    private readonly double _featureBytes;
    private readonly double _smallBytes;
    private readonly Dictionary<string, LayerBytes> _layers = [];

    /// <summary>Looks at what would travel.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Images of a mini-batch, of all machines.</param>
    public ClusterModel(Network network, int batch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        _batch = batch;
        _connected = int.MaxValue;
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            Layer layer = network.Nodes[i].Layer;
            if (layer is Linear linear)
            {
                if (_connected == int.MaxValue)
                {
                    (_connected, _featureBytes) = (i, (double)sizeof(float) * batch * linear.Features.Length);
                }

                LinearShape shape = linear.Shape(linear.Features.WithBatch(batch));
                double factors = GradientFactors.Pay(shape) ? (double)sizeof(float) * batch * (shape.Depth + shape.Output.Pitch) : 0.0;
                _layers[layer.Name] = new LayerBytes(i, Bytes(linear.Weight), factors);
            }
            else
            {
                _layers[layer.Name] = new LayerBytes(i, network.Nodes[i].Parameters.OfType<Weight>().Sum(Bytes), 0.0);
            }
        }

        // Biases and slopes travel together, at the end.
        _smallBytes = network.Parameters.Where(parameter => parameter is not Weight).Sum(Bytes);
    }

    /// <summary>Reckons one number of machines.</summary>
    /// <param name="scheme">How they come to one gradient.</param>
    /// <param name="link">What connects them.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="share">The parts of a step with a machine's images, in their order.</param>
    /// <param name="whole">The parts of a step with all images on one machine, for what one computes alone, and the momentum step.</param>
    public ClusterPoint Reckon(ClusterScheme scheme, ClusterLink link, int nodes, IReadOnlyList<ClusterPart> share, IReadOnlyList<ClusterPart> whole)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(whole);
        ClusterTimeline time = new(link, nodes);
        bool isHybrid = scheme == ClusterScheme.Hybrid && nodes > 1 && _connected < int.MaxValue;
        bool together = false;
        foreach (ClusterPart part in share.Where(part => part.Pass != StepPass.Update))
        {
            if (!isHybrid || !IsConnected(part))
            {
                time.Compute(part.Seconds);
                Send(time, part, scheme);
            }
            else if (!together)
            {
                together = true;
                ComputeAlone(time, whole);
            }
        }

        time.Sum(_smallBytes);
        time.Wait();
        time.Compute(whole.Where(part => part.Pass == StepPass.Update).Sum(part => part.Seconds));
        return time.End();
    }

    /// <summary>The parts of a step if all operations took the same time: for machines of which only a step's time is known.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seconds">A step's time.</param>
    public static IReadOnlyList<ClusterPart> Even(Network network, double seconds)
    {
        ArgumentNullException.ThrowIfNull(network);
        MapShape[] maps = [network.Input, .. network.Shapes(network.Input)];
        double each = seconds / (3.0 * network.MultiplyAdds(network.Input));
        List<ClusterPart> forward = [], backward = [];
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            Layer layer = network.Nodes[i].Layer;
            double time = each * layer.MultiplyAdds(maps[network.Nodes[i].Sources[0]]);
            forward.Add(new ClusterPart(layer.Name, StepPass.Forward, time));
            backward.InsertRange(0, [new ClusterPart(layer.Name, StepPass.BackwardFilter, time), new ClusterPart(layer.Name, StepPass.BackwardData, time)]);
        }

        return [.. forward, .. backward];
    }

    private static double Bytes(Parameter parameter) => (double)sizeof(float) * parameter.StoredLength;

    // The gradient of a layer's weights, when it is complete.
    private void Send(ClusterTimeline time, ClusterPart part, ClusterScheme scheme)
    {
        if (part.Pass != StepPass.BackwardFilter || !_layers.TryGetValue(part.Name, out LayerBytes layer))
        {
            return;
        }

        if (scheme == ClusterScheme.Factors && layer.Factors > 0)
        {
            time.Gather(layer.Factors);
        }
        else
        {
            time.Sum(layer.Gradient);
        }
    }

    // Features come in, the others wait, the features' gradient goes out.
    private void ComputeAlone(ClusterTimeline time, IReadOnlyList<ClusterPart> whole)
    {
        time.Gather(_featureBytes);
        time.Wait();
        time.Compute(whole.Where(part => part.Pass != StepPass.Update && IsConnected(part)).Sum(part => part.Seconds));
        time.Scatter(_featureBytes);
        time.Wait();
    }

    // Also what stands behind the first fully connected layer without weights: dropout, the loss.
    private bool IsConnected(ClusterPart part) => part.Pass == StepPass.Loss || (_layers.TryGetValue(part.Name, out LayerBytes layer) && layer.Index >= _connected);

    private readonly record struct LayerBytes(int Index, double Gradient, double Factors);
}
