namespace Rectify.Diagnostics;

/// <summary>From evidence to a verdict.</summary>
/// <remarks>
/// The limits were chosen on some 400 chains of 5 to 60 layers (ten initializations, ReLU and PReLU, rates of 0.0005, 0.002 and 0.01, 200 steps each) and on the
/// models of the catalog at several sizes; the tests use other nets. Between what surely learns and what surely does not lies a wide band: it is called slow.
/// </remarks>
internal static class VerdictMath
{
    // Chains below moved their loss by less than 0.01 in 200 steps, all of them.
    private const double NoDescent = 2e-7;

    // Chains above fell within 200 steps, where no gain was out of range.
    private const double EnoughDescent = 2e-3;

    // The paper's 30 layers with Xavier have 2×10⁻⁵ (crops of 224) to 3×10⁻⁶ (small form), its 22 layers 3×10⁻⁴; with He 0.01 and 0.06.
    private const double FadedGain = 3e-5;
    private const double WeakGain = 7e-4;

    // Such a gain does not matter where hidden layers move all the same: nets whose last layer is not small.
    private const double HiddenMoves = 1e-4;

    private const double LargeForwardGain = 5.0;
    private const double LargeBackwardGain = 1.5;

    // A batch of responses out of scale: a net that knows nothing has 1.
    private const double LargeLoss = 3.0;

    // The loss cannot fall by so much in a step: the step goes far beyond where the gradient holds.
    private const double LongStep = 500.0;
    private const double LongHiddenStep = 30.0;

    // Below this share of ln(classes) a network has learned, and its gradients may be small.
    private const double Learned = 0.9;

    public static Verdict Judge(VerdictEvidence evidence)
    {
        bool finite = double.IsFinite(evidence.Loss) && double.IsFinite(evidence.ForwardGain) && double.IsFinite(evidence.BackwardGain) && double.IsFinite(evidence.Descent);
        if (evidence.DeadLayer is not null)
        {
            return Verdict.Dead;
        }

        if (!finite
            || evidence.Loss > LargeLoss * evidence.ChanceLoss
            || evidence.ForwardGain > LargeForwardGain
            || evidence.BackwardGain > LargeBackwardGain
            || evidence.HiddenDescent > LongStep
            || (evidence.HiddenDescent > LongHiddenStep && evidence.HiddenDescent > evidence.Descent / 3))
        {
            return Verdict.Exploding;
        }

        if (evidence.Loss < Learned * evidence.ChanceLoss)
        {
            return Verdict.Healthy;
        }

        if (evidence.Descent < NoDescent || (evidence.BackwardGain < FadedGain && evidence.HiddenDescent < HiddenMoves))
        {
            return Verdict.Vanishing;
        }

        return evidence.Descent < EnoughDescent || evidence.BackwardGain < WeakGain ? Verdict.Slow : Verdict.Healthy;
    }
}
