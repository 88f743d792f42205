using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>In training y = x·m/(1−p), m being 1 with probability 1−p; at test time y = x. dx = dy·m/(1−p).</summary>
/// <remarks>The scaling stands in training (as in Caffe), so that nothing is scaled at test time. A mask depends on (seed, layer, step, sample) alone.</remarks>
public sealed class Dropout : Layer
{
    /// <summary>A dropout.</summary>
    /// <param name="name">Name.</param>
    /// <param name="rate">p, in [0, 1).</param>
    /// <exception cref="RectifyException">The rate is outside [0, 1).</exception>
    public Dropout(string name, float rate = 0.5f)
        : base(name)
    {
        Rate = rate is >= 0f and < 1f ? rate : throw new RectifyException($"{name}: the dropout rate {rate} must be at least 0 and below 1; the paper's is 0.5.");
    }

    /// <summary>p: the share that is dropped.</summary>
    public float Rate { get; }

    /// <inheritdoc/>
    public override string Description => $"dropout {Rate:g}";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input;
}
