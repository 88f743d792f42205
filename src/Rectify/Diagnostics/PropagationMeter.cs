using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>Looks at maps and gradients while a plan in which nothing is fused runs once forward and once backward.</summary>
internal sealed class PropagationMeter(Workspace workspace) : IStepObserver
{
    private readonly Dictionary<int, (MapStatistics Statistics, double[] Inactive)> _responses = [];
    private readonly Dictionary<int, MapStatistics> _gradients = [];

    // In such a plan step i is node i.
    private IReadOnlyList<Node> Nodes => workspace.Plan.Network.Nodes;

    /// <summary>The gradient of the output, given before the way back.</summary>
    public void Begin() => _gradients[Nodes.Count] = MapStatistics.Of(workspace.OutputShape, workspace.OutputGradient);

    public void Done(int step, StepPass pass)
    {
        if (step == IStepObserver.NoStep)
        {
            return;
        }

        StepRun run = workspace.Runs[step];
        if (pass == StepPass.Forward && Nodes[step].Weight is not null)
        {
            _responses[step] = Responses(run.OutputShape, run.Output);
        }
        else if (pass == StepPass.Backward)
        {
            // The first of a map's readers is the last to give its part.
            IReadOnlyList<int> sources = Nodes[step].Sources;
            for (int source = 0; source < sources.Count; source++)
            {
                int map = sources[source];
                if (map > 0 && !Nodes.Take(step).Any(node => node.Sources.Contains(map)))
                {
                    _gradients[map] = MapStatistics.Of(run.InputShapeOf(source), run.GatheredGradientOf(source));
                }
            }
        }
    }

    public PropagationMeasurement Result() => new(
        [.. Nodes.Select((node, i) => (node, i)).Where(at => at.node.Weight is not null).Select(at => new LayerMeasurement
        {
            Name = at.node.Layer.Name,
            WeightStd = Rms(at.node.Weight!),
            Response = _responses[at.i].Statistics,
            ResponseGradient = _gradients[at.i + 1],
            InputGradient = _gradients.TryGetValue(at.node.Sources[0], out MapStatistics dx) ? dx : null,
            WeightGradientRms = Rms(workspace.Gradient(at.node.Weight!), at.node.Weight!.Count),
            Inactive = _responses[at.i].Inactive,
        })]);

    /// <summary>√(Σ w²/count); surplus lanes are zero.</summary>
    internal static double Rms(Parameter parameter) => Rms(parameter.Values, parameter.Count);

    private static double Rms(ReadOnlySpan<float> values, long count)
    {
        double squares = 0.0;
        foreach (float value in values)
        {
            squares += (double)value * value;
        }

        return Math.Sqrt(squares / count);
    }

    private static (MapStatistics Statistics, double[] Inactive) Responses(MapShape shape, ReadOnlySpan<float> values)
    {
        double[] inactive = new double[shape.C];
        for (int pixel = 0; pixel < shape.Pixels; pixel++)
        {
            ReadOnlySpan<float> channels = values.Slice(pixel * shape.Pitch, shape.C);
            for (int c = 0; c < channels.Length; c++)
            {
                inactive[c] += channels[c] > 0f ? 0.0 : 1.0;
            }
        }

        return (MapStatistics.Of(shape, values), [.. inactive.Select(count => count / shape.Pixels)]);
    }
}
