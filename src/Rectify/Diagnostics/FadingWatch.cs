namespace Rectify.Diagnostics;

/// <summary>Tells, once, that a network in training does not learn because no gradient arrives: weight decay alone moves its layers (the paper's footnote 2).</summary>
/// <remarks>Both must hold: the loss is that of guessing, and half of the layers or more are moved by decay alone. So a network that has learned is left in peace.</remarks>
/// <param name="monitor">Looks at the gradients.</param>
/// <param name="classes">Classes of the network.</param>
internal sealed class FadingWatch(DecayMonitor monitor, int classes)
{
    // Of the chains that the verdict's limits were chosen on, with ReLU none whose median share was above this came down from ln(classes) in 200 steps.
    private const double DecayAlone = 0.95;

    // A fixed mean of the first looks; one step's gradient may be small by chance.
    private const int LooksNeeded = 5;

    private const double Guessing = 0.97;

    private int _looks;
    private bool _told;

    /// <summary>What is to be told after a step; null for nothing, which it is at nearly every step.</summary>
    /// <param name="loss">The mean loss of the epoch so far.</param>
    public FadingSignal? Check(double loss)
    {
        if (_told || monitor.Looks == _looks)
        {
            return null;
        }

        _looks = monitor.Looks;
        if (_looks < LooksNeeded || loss < Guessing * Math.Log(classes))
        {
            return null;
        }

        DecayShare[] shares = [.. monitor.Shares.Where(share => !double.IsNaN(share.Share)).OrderBy(share => share.Share)];
        if (shares.Length == 0 || shares[shares.Length / 2].Share < DecayAlone)
        {
            return null;
        }

        _told = true;
        return new FadingSignal(loss, shares[shares.Length / 2].Share, shares[^1].Layer);
    }
}

/// <summary>A signal that fades.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="DecayShare">The share of the update that is weight decay: half of the layers have this or more.</param>
/// <param name="Layer">The layer that has the most.</param>
public sealed record FadingSignal(double Loss, double DecayShare, string Layer);
