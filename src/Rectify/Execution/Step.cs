using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Some layers that run together: one entry of a plan. Immutable; what belongs to an execution is in <see cref="StepRun"/>.</summary>
internal abstract class Step(string name, IReadOnlyList<Layer> layers)
{
    public string Name { get; } = name;

    /// <summary>The layers that it runs, in order.</summary>
    public IReadOnlyList<Layer> Layers { get; } = layers;

    /// <summary>What its layers learn, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = [.. layers.SelectMany(layer => layer.Parameters)];

    /// <summary>The shape of its output.</summary>
    public MapShape Output(MapShape input)
    {
        foreach (Layer layer in Layers)
        {
            input = layer.Output(input);
        }

        return input;
    }

    /// <summary>What it wants of a workspace.</summary>
    public abstract StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context);

    /// <summary>The kernels that it will run, for the plan's listing.</summary>
    public abstract string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact);

    /// <summary>From input to output.</summary>
    public abstract void Forward(StepRun run);

    /// <summary>From the output's gradient, which it may use up, to the input's; adds to the parameters' gradients.</summary>
    public abstract void Backward(StepRun run);
}
