using Rectify.Kernels;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Some layers that run together: one entry of a plan. Immutable; what belongs to an execution is in <see cref="StepRun"/>.</summary>
internal abstract class Step(string name, IReadOnlyList<Layer> layers, IReadOnlyList<Parameter>? parameters = null)
{
    /// <summary>The plan's maps that it reads; map 0 is the plan's input, step i makes map i+1.</summary>
    public required IReadOnlyList<int> Sources { get; init; }

    public string Name { get; } = name;

    /// <summary>The layers that it runs, in order.</summary>
    public IReadOnlyList<Layer> Layers { get; } = layers;

    /// <summary>What its layers learn, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = parameters ?? [.. layers.SelectMany(layer => layer.Parameters)];

    /// <summary>The shape of its output.</summary>
    /// <param name="inputs">Those of the maps that it reads.</param>
    public virtual MapShape Output(ReadOnlySpan<MapShape> inputs)
    {
        MapShape shape = inputs[0];
        foreach (Layer layer in Layers)
        {
            shape = layer.Output(shape);
        }

        return shape;
    }

    /// <summary>Multiply-adds of a forward pass.</summary>
    public virtual long MultiplyAdds(MapShape input) => Layers[0].MultiplyAdds(input);

    /// <summary>What it wants of a workspace.</summary>
    public abstract StepMemory Memory(MapShape input, ExecutionMode mode, KernelContext context);

    /// <summary>The work by whose factors the gradient of a parameter is kept: with all images of a step. Null if that does not pay, or it is no such product.</summary>
    /// <param name="parameter">One of its parameters.</param>
    /// <param name="images">Images of a step; 0 if nobody knows.</param>
    public virtual LinearShape? FactoredShape(Parameter parameter, int images) => null;

    /// <summary>The kernels that it will run, for the plan's listing.</summary>
    public abstract string Kernels(MapShape input, ExecutionMode mode, Isa isa, bool exact);

    /// <summary>From input to output.</summary>
    public abstract void Forward(StepRun run);

    /// <summary>From the output's gradient, which it may use up, to the inputs', which it overwrites; adds to the parameters' gradients.</summary>
    public abstract void Backward(StepRun run);
}
