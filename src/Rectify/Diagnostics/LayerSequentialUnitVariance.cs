using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>LSUV (Mishkin and Matas, All you need is a good init, 2016): layer by layer the weights are scaled so that the responses to a batch have variance 1.</summary>
/// <remarks>
/// Where section 2.2 of the paper reckons, this measures, so it knows pooling, padding, joins and the input's scale; and it knows one direction alone. Weights are
/// drawn first, orthogonal by <see cref="Initialization.InitializationRule.Lsuv"/>. Biases are 0 then, so responses are proportional to weights and one division
/// is enough; a layer is run again after it, and the next sees what it gives.
/// </remarks>
public static class LayerSequentialUnitVariance
{
    // Each brings thousands of responses a layer; what is wanted is their variance to some percent.
    private const int Pictures = 32;

    /// <summary>Scales all weights; dropout does nothing meanwhile.</summary>
    /// <param name="network">A network whose weights are drawn and whose biases are 0.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="input">The batch.</param>
    /// <param name="x">Its numbers, laid out as <paramref name="input"/> says.</param>
    /// <exception cref="RectifyException">Responses are all alike or not finite, so that nothing can be scaled; the layers before are scaled already.</exception>
    public static void Apply(Network network, KernelContext context, MapShape input, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(network);
        Plan plan = new(network, Range.All, fuse: false);
        using Workspace workspace = plan.CreateWorkspace(context, ExecutionMode.Inference, input);
        x[..input.Length].CopyTo(workspace.Input);
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            StepRun run = workspace.Runs[i];
            run.Step.Forward(run);
            if (network.Nodes[i].Weight is { } weight)
            {
                double std = MapStatistics.Of(run.OutputShape, run.Output).Std;
                if (!(std > 0.0 && double.IsFinite(std)))
                {
                    throw new RectifyException(
                        $"{run.Step.Name}: its responses to the batch have the std {std}, so LSUV cannot bring it to 1; "
                        + "look at the pictures with rectify dataset check, or use --init he-out.");
                }

                Scale(weight.Values, (float)(1.0 / std));
                run.Step.Forward(run);
            }
        }
    }

    /// <summary>Scales all weights by the first pictures of the first epoch's order: the same bits each time with the same vector width.</summary>
    /// <param name="network">A network whose weights are drawn and whose biases are 0.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="data">Training pictures.</param>
    /// <param name="view">What the network sees of a picture; the same each time.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="RectifyException">Nothing can be scaled, or none of the pictures could be read.</exception>
    public static void Apply(Network network, KernelContext context, IDataset data, SampleTransform view, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(view);
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = Pictures, Seed = seed, Shuffle = true });
        foreach (Batch batch in loader.Epoch(0))
        {
            if (batch.Count > 0)
            {
                Apply(network, context, MapShape.Image(batch.Count, view.Size, view.Size, 3), batch.Pixels);
                return;
            }
        }

        throw new RectifyException("No training picture could be read, so LSUV has nothing to scale by; look at them with rectify dataset check.");
    }

    private static void Scale(Span<float> values, float factor)
    {
        foreach (ref float value in values)
        {
            value *= factor;
        }
    }
}
