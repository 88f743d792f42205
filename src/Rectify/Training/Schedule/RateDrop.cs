using System.Globalization;

namespace Rectify.Training;

/// <summary>A plateau detector's decision.</summary>
/// <param name="From">The rate before it.</param>
/// <param name="To">The rate after it.</param>
/// <param name="BestTop1ErrorPercent">The validation error that was to be improved upon.</param>
/// <param name="LeastGain">By how many percentage points.</param>
/// <param name="Epochs">In how many epochs.</param>
public sealed record RateDrop(double From, double To, double BestTop1ErrorPercent, double LeastGain, int Epochs)
{
    /// <summary>A sentence for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"the validation error has not improved on {BestTop1ErrorPercent:F2} % by {LeastGain:0.###} points for "
        + $"{Epochs} {(Epochs == 1 ? "epoch" : "epochs")}: rate {From:g4} → {To:g4}");
}
