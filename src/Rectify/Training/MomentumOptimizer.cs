using Rectify.Execution;
using Rectify.Kernels.Optimization;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>The momentum method in the paper's form (equation 4): v := μv + ε(dw + λw), w := w − v. Which parameters decay is a matter of their type.</summary>
/// <remarks>PyTorch and ONNX keep ε outside the velocity (w := w − εv); the two agree only while ε is constant.</remarks>
public sealed class MomentumOptimizer : IDisposable
{
    private readonly TrainerOptions _options;
    private readonly Dictionary<Parameter, NativeBuffer> _velocities;

    /// <summary>An optimizer with velocities zero.</summary>
    /// <exception cref="UsageException">What is to be frozen does not exist, or is everything.</exception>
    public MomentumOptimizer(Network network, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Frozen = FrozenParameters.Of(network, options.Freeze);
        _velocities = network.Parameters.ToDictionary(parameter => parameter, parameter => new NativeBuffer(parameter.StoredLength));
    }

    /// <summary>The parameters that stay as they are: neither gradient nor decay moves them, and their velocities stay zero.</summary>
    public IReadOnlySet<Parameter> Frozen { get; }

    /// <summary>What an optimizer would do to each parameter: rate, decay and the reason.</summary>
    public static IReadOnlyList<OptimizerGroup> Describe(Network network, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlySet<Parameter> frozen = FrozenParameters.Of(network, options.Freeze);
        return
        [
            .. network.Parameters
                .GroupBy(parameter => frozen.Contains(parameter)
                    ? (parameter.GetType().Name, Reason: "frozen", Rate: 0.0, Decay: 0.0)
                    : (parameter.GetType().Name, Reason: parameter.DecayReason, Rate: options.LearningRate, Decay: Decay(parameter, options)))
                .Select(group => new OptimizerGroup(
                    group.Key.Name, group.Count(), group.Sum(parameter => parameter.Count), group.Key.Rate, group.Key.Decay, group.Key.Reason)),
        ];
    }

    /// <summary>The velocity of a parameter, laid out like its values.</summary>
    public Span<float> Velocity(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return _velocities[parameter].Slice(0, parameter.StoredLength);
    }

    /// <summary>One step with the workspace's gradients.</summary>
    public void Update(Workspace workspace, double rate)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        foreach ((Parameter parameter, NativeBuffer velocity) in _velocities)
        {
            if (Frozen.Contains(parameter))
            {
                continue;
            }

            MomentumRule rule = new((float)rate, (float)_options.Momentum, (float)Decay(parameter, _options));
            Span<float> v = velocity.Slice(0, parameter.StoredLength);
            if (workspace.Factors(parameter) is { Images: > 0 } factors)
            {
                factors.Update(parameter.Values, v, rule);
            }
            else
            {
                MomentumKernel.Run(parameter.Values, workspace.Gradient(parameter), v, rule, workspace.Context);
            }
        }
    }

    /// <summary>Frees the velocities.</summary>
    public void Dispose()
    {
        foreach (NativeBuffer velocity in _velocities.Values)
        {
            velocity.Dispose();
        }
    }

    private static double Decay(Parameter parameter, TrainerOptions options) => parameter.Decays(options.DecayBiases) ? options.WeightDecay : 0.0;
}

/// <summary>Parameters that an optimizer treats alike.</summary>
/// <param name="Kind">Weight, Bias or Slope.</param>
/// <param name="Tensors">How many tensors.</param>
/// <param name="Count">How many numbers.</param>
/// <param name="Rate">ε at the start.</param>
/// <param name="Decay">λ.</param>
/// <param name="Reason">Why they decay or do not.</param>
public sealed record OptimizerGroup(string Kind, int Tensors, long Count, double Rate, double Decay, string Reason);
