using Rectify.Kernels.Convolution;
using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>y[n,p,q,k] = b[k] + Σ w[k,c,r,s]·x[n, p·stride−pad+r, q·stride−pad+s, c] (equation 5).</summary>
/// <remarks>
/// Gradients: dx = Σ w·dy (equation 11), dw = Σ x·dy, db = Σ dy. Any filter size, stride and padding, also asymmetric; output size rounded down; padding is zero.
/// </remarks>
public sealed class Convolution : Layer
{
    /// <summary>A convolution with zero weights.</summary>
    /// <param name="name">Name.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="filters">K.</param>
    /// <param name="window">Filter rows and columns, strides, padding.</param>
    /// <param name="packedInput">Whether the input is a packed photo rather than a map of the network.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <exception cref="RectifyException">A size makes no sense.</exception>
    public Convolution(string name, int inChannels, int filters, Window window, bool packedInput = false, bool bias = true)
        : base(name)
    {
        window.Validate(name);
        if (inChannels < 1 || filters < 1)
        {
            throw new RectifyException($"{name}: {inChannels} input channels and {filters} filters; both must be at least 1.");
        }

        (InChannels, Filters, Window) = (inChannels, filters, window);
        InPitch = packedInput ? inChannels : MapShape.Map(1, 1, 1, inChannels).Pitch;
        Weight = new Weight($"{name}.weight", filters, inChannels, window.R, window.S, InPitch);
        Bias = bias ? new Bias($"{name}.bias", filters) : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>C.</summary>
    public int InChannels { get; }

    /// <summary>Floats that a pixel of the input takes.</summary>
    public int InPitch { get; }

    /// <summary>K.</summary>
    public int Filters { get; }

    /// <summary>Filter rows and columns, strides, padding.</summary>
    public Window Window { get; }

    /// <summary>w.</summary>
    public Weight Weight { get; }

    /// <summary>b, or null.</summary>
    public Bias? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override string Description => $"{Window}, {Filters}";

    /// <summary>The work on an input.</summary>
    public ConvolutionShape Shape(MapShape input) => new(input, Filters, Window);

    /// <inheritdoc/>
    public override MapShape Output(MapShape input)
    {
        if (input.C != InChannels)
        {
            throw Misfit(input, $"has {input.C} channels, the filters expect {InChannels}; set inChannels: {input.C} or change the layer before.");
        }

        if (input.Pitch != InPitch)
        {
            string given = input.Pitch == input.C ? "true" : "false";
            throw Misfit(input, $"takes {input.Pitch} floats a pixel, the filters expect {InPitch}: one is a packed photo; set packedInput: {given}.");
        }

        MapShape output = Shape(input).Output;
        return output.H >= 1 && output.W >= 1
            ? output
            : throw Misfit(input, $"is smaller than the filter {Window}; use larger photos (--size) or a network with fewer strides.");
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(MapShape input) => Shape(input).MultiplyAdds;
}
