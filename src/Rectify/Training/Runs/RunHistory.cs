using System.Text.Json;

namespace Rectify.Reports;

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

    /// <summary>Time that training took, in seconds: where it was interrupted, the time of its parts together.</summary>
    public double Seconds
    {
        get
        {
            (double sum, double before) = (0.0, 0.0);
            foreach (double seconds in Epochs.Select(epoch => epoch.Seconds ?? 0.0))
            {
                sum += seconds >= before ? seconds - before : seconds;
                before = seconds;
            }

            return sum;
        }
    }

    /// <summary>Reads a log. Lines that are no JSON objects, as one that a kill tore in two, and kinds that are not known are passed over.</summary>
    /// <param name="path">log.jsonl; a file that is not there is an empty history.</param>
    public static RunHistory Read(string path)
    {
        List<EpochPoint> epochs = [];
        List<StepPoint> steps = [];
        long? faded = null;
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (Parse(line) is not { } json)
            {
                continue;
            }

            using (json)
            {
                JsonElement root = json.RootElement;
                switch (Text(root, "kind"))
                {
                    case "step" when Number(root, "step") is { } step && Number(root, "epoch") is { } epoch && Number(root, "rate") is { } rate:
                        steps.Add(new StepPoint((long)step, (int)epoch, Number(root, "loss"), rate));
                        break;
                    case "epoch" when Number(root, "epoch") is { } epoch:
                        epochs.Add(ReadEpoch(root, (int)epoch));
                        break;
                    case "warning":
                        faded ??= (long?)Number(root, "step");
                        break;
                }
            }
        }

        return new RunHistory(epochs, steps, faded);
    }

    private static EpochPoint ReadEpoch(JsonElement root, int epoch) => new(
        epoch,
        (long)(Number(root, "step") ?? 0),
        Number(root, "trainingLoss"),
        Number(root, "trainingTop1Error"),
        Number(root, "loss"),
        Number(root, "top1Error"),
        Number(root, "top5Error"),
        (int?)Number(root, "images"),
        Number(root, "imagesPerSecond"),
        Number(root, "waitShare"),
        Number(root, "seconds"));

    private static JsonDocument? Parse(string line)
    {
        try
        {
            JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : null;
}
