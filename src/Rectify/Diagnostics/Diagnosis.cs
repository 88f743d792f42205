using System.Globalization;
using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>What is to be expected of a network, and why: a verdict before the first step.</summary>
public sealed record Diagnosis
{
    private const double AllDead = 0.99;

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What it rests on.</summary>
    public required VerdictEvidence Evidence { get; init; }

    /// <summary>Layer by layer: predicted and measured.</summary>
    public required IReadOnlyList<PropagationRow> Layers { get; init; }

    /// <summary>The verdict in one sentence, without the full stop.</summary>
    public required string Sentence { get; init; }

    /// <summary>What to change; empty where nothing need be.</summary>
    public required string Advice { get; init; }

    /// <summary>Looks at one batch: a forward and a backward pass. Parameters stay as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="input">The batch, of at least two pictures of different classes.</param>
    /// <param name="x">Its numbers, laid out as <paramref name="input"/> says.</param>
    /// <param name="labels">A class a sample.</param>
    /// <param name="options">How it would be trained.</param>
    /// <exception cref="UsageException">All pictures of the batch are of one class.</exception>
    public static Diagnosis Of(
        Network network, KernelContext context, MapShape input, ReadOnlySpan<float> x, ReadOnlySpan<int> labels, DiagnosisOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (labels.IndexOfAnyExcept(labels[0]) < 0)
        {
            throw new UsageException($"The {labels.Length} pictures are all of one class, so there is nothing to tell apart; look at more of them.");
        }

        (PropagationMeasurement measured, double loss) = Propagation.MeasureBeyondBiases(network, context, input, x, labels);
        IReadOnlyList<PropagationRow> rows = Propagation.Compare(Propagation.Predict(network), measured);
        double step = options.LearningRate / (1.0 - options.Momentum);
        double[] descents = [.. Weights(network).Zip(measured.Layers, (weight, layer) => step * weight.Count * layer.WeightGradientRms * layer.WeightGradientRms)];
        VerdictEvidence evidence = new()
        {
            ForwardGain = rows[Math.Max(0, rows.Count - 2)].MeasuredForward,
            BackwardGain = rows.FirstOrDefault(row => row.MeasuredBackward is not null)?.MeasuredBackward ?? 1.0,
            Loss = loss,
            ChanceLoss = Math.Log(network.Output.C),
            Descent = descents.Sum(),
            HiddenDescent = descents[..^1].Sum(),
            DeadLayer = DeadLayer(network, measured),
        };
        Verdict verdict = VerdictMath.Judge(evidence);
        return new Diagnosis
        {
            Verdict = verdict,
            Evidence = evidence,
            Layers = rows,
            Sentence = Say(verdict, evidence, rows),
            Advice = Advise(verdict, evidence, options),
        };
    }

    /// <summary>Looks at one batch of a data set's pictures, drawn by the seed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="data">The pictures, of as many classes as the network has outputs.</param>
    /// <param name="view">From a picture to the network's input.</param>
    /// <param name="options">How it would be trained.</param>
    /// <param name="images">At most so many pictures.</param>
    /// <param name="seed">Draws the pictures.</param>
    /// <exception cref="UsageException">All pictures of the batch are of one class.</exception>
    /// <exception cref="RectifyException">No picture could be read.</exception>
    public static Diagnosis Of(
        Network network, KernelContext context, IDataset data, SampleTransform view, DiagnosisOptions options, int images = 64, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(view);
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = Math.Min(images, data.Count), Seed = seed, Shuffle = true });
        Batch batch = loader.Epoch(0).FirstOrDefault(batch => batch.Count > 0)
            ?? throw new RectifyException("No picture could be read; look at them with rectify dataset check.");
        MapShape input = MapShape.Image(batch.Count, view.Size, view.Size, 3);
        return Of(network, context, input, batch.Pixels, batch.Labels.AsSpan(0, batch.Count), options);
    }

    private static IEnumerable<Weight> Weights(Network network) => network.Nodes.Select(node => node.Weight).OfType<Weight>();

    // Only ReLU kills; where responses are 0 because the signal has run below the smallest number, that is another illness.
    private static string? DeadLayer(Network network, PropagationMeasurement measured)
    {
        int layer = 0;
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            if (network.Nodes[i].Weight is null)
            {
                continue;
            }

            LayerMeasurement found = measured.Layers[layer++];
            if (found.DeadShare >= AllDead
                && found.Response.Rms > 0.0
                && network.Nodes.Any(reader => reader.Layer is ReLU && reader.Sources.Contains(i + 1)))
            {
                return found.Name;
            }
        }

        return null;
    }

    private static string Say(Verdict verdict, VerdictEvidence evidence, IReadOnlyList<PropagationRow> rows)
    {
        (string first, string last) = (rows[0].Name, rows[^1].Name);
        string gradient = $"the gradient reaching {first} is {Gain(evidence.BackwardGain)} of that at {last}";
        switch (verdict)
        {
            case Verdict.Healthy when evidence.Loss < evidence.ChanceLoss * 0.9:
                return string.Create(CultureInfo.InvariantCulture, $"healthy: it has learned (loss {evidence.Loss:F3}, chance has {evidence.ChanceLoss:F3}), and {gradient}");
            case Verdict.Healthy:
                return $"healthy: {gradient}, and a step can move the loss";
            case Verdict.Slow:
                return $"slow: {gradient}, so the loss will fall late";
            case Verdict.Vanishing:
                return string.Create(CultureInfo.InvariantCulture, $"stalls: {gradient}, and the loss will stay at {evidence.ChanceLoss:F2}");
            case Verdict.Dead:
                return $"dead: no picture brings a ReLU of {evidence.DeadLayer} above 0, so no gradient passes it";
            default:
                string what = !double.IsFinite(evidence.Loss) || evidence.Loss > 3.0 * evidence.ChanceLoss
                    ? string.Create(CultureInfo.InvariantCulture, $"the first loss is {evidence.Loss:G4}, and that of guessing {evidence.ChanceLoss:F2}")
                    : evidence.ForwardGain > evidence.BackwardGain && evidence.ForwardGain > 5.0
                        ? $"responses grow to {Gain(evidence.ForwardGain)} of those of {first}"
                        : evidence.BackwardGain > 1.5
                            ? gradient
                            : "the first step is far longer than the weights bear";
                return $"explodes: {what}";
        }
    }

    private static string Advise(Verdict verdict, VerdictEvidence evidence, DiagnosisOptions options)
    {
        bool trained = options.Scheme is null;
        bool he = options.Scheme?.Rule is InitializationRule.HeOut or InitializationRule.HeIn;
        switch (verdict)
        {
            case Verdict.Vanishing or Verdict.Slow when trained:
                return "train it anew with --init he-out; rectify diagnose --model … --init he-out shows it beforehand";
            case Verdict.Vanishing or Verdict.Slow when he:
                return "use a larger --width, fewer layers, or --init lsuv with a lower --lr";
            case Verdict.Vanishing or Verdict.Slow:
                return "use --init he-out";
            case Verdict.Dead:
                return $"{(trained ? "go on from an earlier checkpoint with a lower --lr" : "look at the pictures with rectify dataset check")}, or use --activation prelu";
            case Verdict.Exploding when !trained && !he && evidence.ForwardGain > 5.0:
                return "use --init he-out";
            case Verdict.Exploding:
                return string.Create(CultureInfo.InvariantCulture, $"use --lr {options.LearningRate / 10:g3}{(trained || he ? "" : ", or --init he-out")}");
            default:
                return "";
        }
    }

    private static string Gain(double gain) => gain is >= 0.01 and < 1000
        ? gain.ToString("G2", CultureInfo.InvariantCulture)
        : gain.ToString("0.0e0", CultureInfo.InvariantCulture);
}
