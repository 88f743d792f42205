using Rectify.Kernels.Rectifiers;
using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>f(y) = y where y > 0, else a·y (equation 1). Which a, tells the class: <see cref="ReLU"/>, <see cref="LeakyReLU"/>, <see cref="PReLU"/>.</summary>
public abstract class Rectifier : Layer
{
    private protected Rectifier(string name)
        : base(name)
    {
    }

    /// <summary>a at the start of training: what initialization reckons with (equation 15).</summary>
    public abstract float InitialSlope { get; }

    /// <summary>What the kernels are asked for.</summary>
    public abstract Rectification Rectification { get; }

    /// <summary>a as stored: none, one, or one a channel.</summary>
    public abstract ReadOnlySpan<float> Slopes { get; }

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input;
}

/// <summary>f(y) = max(0, y); NaN stays NaN. dy = df where y > 0, else 0.</summary>
/// <param name="name">Name.</param>
public sealed class ReLU(string name) : Rectifier(name)
{
    /// <inheritdoc/>
    public override float InitialSlope => 0f;

    /// <inheritdoc/>
    public override Rectification Rectification => Rectification.Relu;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Slopes => [];

    /// <inheritdoc/>
    public override string Description => "ReLU";
}

/// <summary>f(y) with a fixed slope, 0.01 by default: the leaky ReLU that the paper compares with.</summary>
public sealed class LeakyReLU : Rectifier
{
    private readonly float[] _slope;

    /// <summary>A leaky ReLU.</summary>
    /// <param name="name">Name.</param>
    /// <param name="slope">a, finite.</param>
    /// <exception cref="RectifyException">The slope is not finite.</exception>
    public LeakyReLU(string name, float slope = 0.01f)
        : base(name)
    {
        if (!float.IsFinite(slope))
        {
            throw new RectifyException($"{name}: the slope {slope} must be finite; the usual one is 0.01.");
        }

        _slope = [slope];
    }

    /// <inheritdoc/>
    public override float InitialSlope => _slope[0];

    /// <inheritdoc/>
    public override Rectification Rectification => Rectification.SharedSlope;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Slopes => _slope;

    /// <inheritdoc/>
    public override string Description => $"leaky ReLU {_slope[0]:g}";
}

/// <summary>f(y) with learned slopes, one a channel or one shared by all (equations 1-4); they start at 0.25, are not bounded, not clamped and never decayed.</summary>
/// <remarks>dy = df where y > 0, else a·df; da = Σ df·y over y ≤ 0, over all positions, and for the shared slope over all channels.</remarks>
public sealed class PReLU : Rectifier
{
    /// <summary>A PReLU with slopes 0.25.</summary>
    /// <param name="name">Name.</param>
    /// <param name="channels">Channels of its input.</param>
    /// <param name="shared">One slope for all channels.</param>
    public PReLU(string name, int channels, bool shared = false)
        : base(name)
    {
        (Channels, Slope) = (channels, new Slope($"{name}.slope", channels, shared));
        Parameters = [Slope];
    }

    /// <summary>Channels of its input.</summary>
    public int Channels { get; }

    /// <summary>a.</summary>
    public Slope Slope { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override float InitialSlope => Slope.InitialValue;

    /// <inheritdoc/>
    public override Rectification Rectification => Slope.Shared ? Rectification.SharedSlope : Rectification.ChannelSlopes;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Slopes => Slope.Values;

    /// <inheritdoc/>
    public override string Description => Slope.Shared ? "PReLU, shared" : "PReLU";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input.C == Channels
        ? input
        : throw Misfit(input, $"has {input.C} channels, the rectifier has slopes for {Channels}; build it with channels: {input.C}.");
}
