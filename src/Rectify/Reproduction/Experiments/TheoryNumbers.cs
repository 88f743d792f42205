using System.Globalization;
using Rectify.Diagnostics;
using Rectify.Layers;

namespace Rectify.Reproduction.Experiments;

/// <summary>The numbers that section 2.2 draws from its equations: predicted for networks, and measured in them.</summary>
internal sealed class TheoryNumbers : Measurement
{
    // Prediction and measurement are to come so near to the paper's number.
    private const double Near = 0.1;

    // conv2 and conv10 of the VGG team's model B.
    private const int Second = 1;
    private const int Tenth = 9;

    private const int VggDraws = 20;
    private const int ChainDraws = 200;

    // Table 3's deepest; and a chain with c₂ = 64, d_L = 256.
    private const int Depth = 22;
    private const int Width = 256;
    private static readonly int[] Widening = [32, 64, 64, 128, 128, 256, 256];

    public override string Name => "theory";

    public override string Place => "Section 2.2";

    public override string Shows => "what std 0.01 leaves of model B's gradient, 1/(1.7×10⁴); Xavier's 1/√2^L; the c₂/d_L of the direction that is not scaled";

    public override double MinutesAt(ReproductionScale scale) => 1.0;

    internal override ExperimentResult Conclude(ExperimentInput input)
    {
        SignalDraws draws = new(input.Context);
        Finding[] findings = [FixedStd(draws), Xavier(draws), OtherDirection(draws, forward: true), OtherDirection(draws, forward: false)];
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Setting = FormattableString.Invariant($"model B with its filters at crops of 64, {VggDraws} draws; ")
                + FormattableString.Invariant($"chains of 1×1 layers with ReLU, {Depth} of {Width} channels and one of ")
                + FormattableString.Invariant($"{string.Join(", ", Widening)}, {ChainDraws} draws; normal inputs and gradients; 95 % intervals over the draws"),
            Claims = [.. findings.Select(finding => finding.Judged())],
            Tables =
            [
                new ResultTable(
                    "Predicted and measured",
                    ["", "the paper", "Propagation predicts", "measured", "from", "to"],
                    [.. findings.Select(finding => (IReadOnlyList<string>)
                        [finding.What, Write(finding.Paper), Write(finding.Predicted), Write(finding.Measured), Write(finding.Low), Write(finding.High)])]),
            ],
            Differences =
            [
                "The paper derives these numbers and measures none of them.",
                "The chains have no edges, strides and pools, which the theory leaves out; model B has them, but in a quotient of two initializations they cancel.",
            ],
        };
    }

    /// <summary>The test: the prediction and the mean of the draws within a tenth of the paper's number agree; a prediction or a whole interval beyond it contradicts.</summary>
    internal static Judgement Judge(double paper, double predicted, double measured, double low, double high)
    {
        bool IsNear(double value) => Math.Abs((value / paper) - 1.0) <= Near;
        return !IsNear(predicted) || low > paper * (1.0 + Near) || high < paper * (1.0 - Near) ? Judgement.Contradicts
            : IsNear(measured) ? Judgement.Agrees : Judgement.Undecided;
    }

    private static Finding FixedStd(SignalDraws draws)
    {
        using Network network = SignalDraws.VggB();
        double Predicted(string scheme)
        {
            IReadOnlyList<LayerPrediction> layers = Propagation.Predict(network, SignalDraws.Rule(scheme)).Layers;
            return Math.Sqrt(layers[Second].Theory.Backward / layers[Tenth + 1].Theory.Backward);
        }

        double[] Measured(string scheme) => draws.Measure(
            network, scheme, VggDraws, (measured, _) => measured.Layers[Second].InputGradient!.Value.Rms / measured.Layers[Tenth].ResponseGradient.Rms);

        return new Finding(
            "std of the gradient from conv10 to conv2 of model B: 0.01 over equation 14",
            "\"the std of the gradient propagated from conv10 to conv2 is 1/(5.9×4.2²×2.9²×2.1⁴) = 1/(1.7×10⁴) of what we derive\"",
            1 / 1.7e4,
            Predicted("fixed:0.01") / Predicted("he-out"),
            RatioInterval.Of(Measured("he-out"), Measured("fixed:0.01")));
    }

    private static Finding Xavier(SignalDraws draws)
    {
        using Network network = SignalDraws.Chain([.. Enumerable.Repeat(Width, Depth + 1)]);
        double Predicted(string scheme) => Math.Sqrt(Propagation.Predict(network, SignalDraws.Rule(scheme)).Layers[^1].Theory.Forward);
        double[] Measured(string scheme) => draws.Measure(network, scheme, ChainDraws, (measured, _) => measured.Layers[^1].Response.Rms);
        return new Finding(
            string.Create(CultureInfo.InvariantCulture, $"std of the responses of {Depth} layers: Xavier over equation 10"),
            "\"When there are L layers, the std will be 1/√2^L of our derived std\"",
            Math.Pow(2.0, -0.5 * Depth),
            Predicted("xavier") / Predicted("he-in"),
            RatioInterval.Of(Measured("he-in"), Measured("xavier")));
    }

    private static Finding OtherDirection(SignalDraws draws, bool forward)
    {
        using Network network = SignalDraws.Chain(Widening);
        string scheme = forward ? "he-out" : "he-in";
        PropagationPrediction prediction = Propagation.Predict(network, SignalDraws.Rule(scheme));
        double quotient = (double)Widening[1] / Widening[^1];
        MeanInterval measured = MeanInterval.Of(draws.Measure(network, scheme, ChainDraws, (measured, dy) => forward
            ? Math.Pow(measured.Layers[^1].Response.Rms / measured.Layers[0].Response.Rms, 2)
            : Math.Pow(measured.Layers[Second].InputGradient!.Value.Rms / dy, 2)));
        return new Finding(
            forward ? "variance of the responses, y_L over y_1, by equation 14: c₂/d_L" : "variance of the gradients, Δx_2 over Δx_(L+1), by equation 10: d_L/c₂",
            forward ? "with equation 14 \"in Eqn.(9) the product … = c₂/d_L, which is not a diminishing number\"" : "\"and vice versa\"",
            forward ? quotient : 1.0 / quotient,
            forward ? prediction.ForwardProduct : prediction.BackwardProduct,
            new RatioInterval(measured.Count, measured.Mean, measured.Mean - measured.HalfInterval, measured.Mean + measured.HalfInterval, double.NaN));
    }

    // Small numbers as 1/n.
    private static string Write(double value) => value < 0.01
        ? string.Create(CultureInfo.InvariantCulture, $"1/{1.0 / value:N0}")
        : value.ToString("0.000", CultureInfo.InvariantCulture);

    private sealed record Finding(string What, string Claim, double Paper, double Predicted, RatioInterval Found)
    {
        public double Measured => Found.Ratio;

        public double Low => Found.Low;

        public double High => Found.High;

        public JudgedClaim Judged() => new(
            Claim,
            Write(Paper),
            $"predicted {Write(Predicted)}, measured {Write(Measured)} ({Write(Low)} to {Write(High)})",
            "agrees if prediction and mean are within 10 % of the paper's number; contradicts if the prediction or the whole interval is not",
            Judge(Paper, Predicted, Measured, Low, High));
    }
}
