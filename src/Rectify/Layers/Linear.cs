using Rectify.Kernels.Linear;
using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>y[n,k] = b[k] + Σ w[k,c,h,w]·x[n,h,w,c]: a fully connected layer, a filter as large as the map.</summary>
/// <remarks>Gradients: dx = Σ w·dy, dw = Σ x·dy, db = Σ dy. In files the weights are [K,C,H,W].</remarks>
public sealed class Linear : Layer
{
    /// <summary>A fully connected layer with zero weights.</summary>
    /// <param name="name">Name.</param>
    /// <param name="input">The maps it will see; the batch does not matter.</param>
    /// <param name="outputs">K.</param>
    /// <param name="bias">Whether there are biases.</param>
    public Linear(string name, MapShape input, int outputs, bool bias = true)
        : base(name)
    {
        if (outputs < 1)
        {
            throw new RectifyException($"{name}: {outputs} outputs; there must be at least 1.");
        }

        (Features, Outputs) = (input.WithBatch(1), outputs);
        Weight = new Weight($"{name}.weight", outputs, input.C, input.H, input.W, input.Pitch) { FanOut = outputs };
        Bias = bias ? new Bias($"{name}.bias", outputs) : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The map of one image that it expects.</summary>
    public MapShape Features { get; }

    /// <summary>K.</summary>
    public int Outputs { get; }

    /// <summary>w.</summary>
    public Weight Weight { get; }

    /// <summary>b, or null.</summary>
    public Bias? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override string Description => $"fc {Outputs}";

    /// <summary>The work on an input.</summary>
    public LinearShape Shape(MapShape input) => new(input, Outputs);

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input.WithBatch(1) == Features
        ? Shape(input).Output
        : throw Misfit(input, $"does not fit: the weights expect H={Features.H}, W={Features.W}, C={Features.C}; use photos of the size it was built for, or a network with spp.");

    /// <inheritdoc/>
    public override long MultiplyAdds(MapShape input) => Shape(input).MultiplyAdds;
}
