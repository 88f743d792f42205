using System.Text.Json;

namespace Rectify.Training;

/// <summary>How a run went: its log.jsonl, read.</summary>
/// <param name="Epochs">Its epochs, in order.</param>
/// <param name="Steps">Its mini-batches, in order.</param>
/// <param name="FadedAt">The step at which training warned that no gradient arrives; null for never.</param>
public sealed record RunHistory(IReadOnlyList<EpochPoint> Epochs, IReadOnlyList<StepPoint> Steps, long? FadedAt)
{
    /// <summary>The first epoch with the least top-1 validation error; null without validation.</summary>
    public EpochPoint? Best => Epochs.Where(epoch => epoch.Top1Error is not null).MinBy(epoch => epoch.Top1Error);

    /// <summary>Mini-batches of a whole epoch: those of the longest in the log; at least 1.</summary>
    public double StepsPerEpoch => Math.Max(1, Steps.CountBy(step => step.Epoch).Select(epoch => epoch.Value).DefaultIfEmpty(1).Max());

    /// <summary>Time that training took, in seconds, validation counted: where it was interrupted, that of its parts together, each up to its last epoch.</summary>
    public double Seconds => Epochs.LastOrDefault(epoch => epoch.Seconds is not null)?.Seconds ?? 0.0;

    /// <summary>Reads a log. Lines that are no JSON objects, as one that a kill tore in two, and kinds that are not known are passed over.</summary>
    /// <param name="path">log.jsonl; a file that is not there is an empty history.</param>
    public static RunHistory Read(string path)
    {
        List<EpochPoint> epochs = [];
        List<StepPoint> steps = [];
        long? faded = null;
        (double before, double last) = (0.0, 0.0);
        foreach (JsonElement line in RunLogLines.ReadWhole(path))
        {
            switch (Text(line, "kind"))
            {
                case "step" when Number(line, "step") is { } step && Number(line, "epoch") is { } epoch && Number(line, "rate") is { } rate:
                    steps.Add(new StepPoint((long)step, (int)epoch, Number(line, "loss"), rate));
                    break;
                case "epoch" when Number(line, "epoch") is { } epoch:
                    // Where no line says that the run went on, a clock that runs backwards does.
                    double? seconds = Number(line, "seconds");
                    before += seconds < last ? last : 0.0;
                    last = seconds ?? last;
                    epochs.Add(ReadEpoch(line, (int)epoch, before + seconds));
                    break;
                case "resumed":
                    (before, last) = (before + last, 0.0);
                    break;
                case "warning":
                    faded ??= (long?)Number(line, "step");
                    break;
            }
        }

        return new RunHistory(epochs, steps, faded);
    }

    private static EpochPoint ReadEpoch(JsonElement line, int epoch, double? seconds) => new(
        epoch,
        (long)(Number(line, "step") ?? 0),
        Number(line, "trainingLoss"),
        Number(line, "trainingTop1Error"),
        Number(line, "loss"),
        Number(line, "top1Error"),
        Number(line, "top5Error"),
        (int?)Number(line, "images"),
        Number(line, "imagesPerSecond"),
        Number(line, "waitShare"),
        seconds);

    private static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : null;
}
