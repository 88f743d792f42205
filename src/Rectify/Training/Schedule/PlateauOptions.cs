using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>When the learning rate falls: where the validation error has stopped falling ("switched when the error plateaus", section 3).</summary>
/// <remarks>The paper states the factor and the number of drops; patience, least gain and that it is the validation error are ours.</remarks>
public sealed record PlateauOptions
{
    /// <summary>Epochs without a gain after which the rate is divided.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>The least fall of the top-1 error below the best so far that counts as a gain, in percentage points.</summary>
    public double LeastGain { get; init; } = 0.1;

    /// <summary>What the rate is divided by.</summary>
    public double Factor { get; init; } = 10;

    /// <summary>How often at most.</summary>
    public int MostDrops { get; init; } = 2;

    /// <summary>Checks all values.</summary>
    /// <exception cref="UsageException">One is out of range; the message names it and the remedy.</exception>
    public void Validate()
    {
        UsageException.Require(Patience >= 1, $"--lr-plateau {Patience}: wait for at least 1 epoch.");
        UsageException.Require(double.IsFinite(LeastGain) && LeastGain is >= 0 and <= 100, $"--lr-gain {LeastGain}: it is in percentage points, between 0 and 100.");
        UsageException.Require(double.IsFinite(Factor) && Factor > 1, $"plateau.factor {Factor}: the rate is divided by it; it must be above 1, the paper's is 10.");
        UsageException.Require(MostDrops >= 1, $"plateau.mostDrops {MostDrops}: let the rate fall at least once, or take the plateau out of the recipe.");
    }
}
