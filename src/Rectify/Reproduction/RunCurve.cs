using System.Text.Json;

namespace Rectify.Reproduction;

/// <summary>How a run went, from its log.</summary>
/// <param name="Epochs">Its epochs.</param>
/// <param name="Losses">The loss of each step.</param>
/// <param name="Seconds">Time it took, validation counted; of a run that was interrupted the parts together, up to the last epoch that each ended.</param>
internal sealed record RunCurve(IReadOnlyList<EpochPoint> Epochs, IReadOnlyList<double> Losses, double Seconds)
{
    /// <summary>Reads log.jsonl.</summary>
    /// <remarks>A line that a kill tore in two is passed over.</remarks>
    public static RunCurve Read(string log)
    {
        List<EpochPoint> epochs = [];
        List<double> losses = [];
        (double whole, double last) = (0.0, 0.0);
        foreach (string line in File.Exists(log) ? File.ReadLines(log) : [])
        {
            if (Parse(line) is not { } json)
            {
                continue;
            }

            double Number(string name) => json.TryGetProperty(name, out JsonElement value) && value.TryGetDouble(out double number) ? number : double.NaN;

            switch (json.TryGetProperty("kind", out JsonElement kind) ? kind.GetString() : null)
            {
                case "step":
                    losses.Add(Number("loss"));
                    break;
                case "epoch":
                    double seconds = Number("seconds");
                    if (seconds < last)
                    {
                        whole += last;
                    }

                    last = seconds;
                    epochs.Add(new EpochPoint(epochs.Count + 1, Number("trainingLoss"), Number("loss"), Number("top1Error"), Number("top5Error")));
                    break;
            }
        }

        return new RunCurve(epochs, losses, whole + last);
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An epoch's end.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="TrainingLoss">Mean cross-entropy over the epoch.</param>
/// <param name="ValidationLoss">Mean cross-entropy on the validation images.</param>
/// <param name="Top1Error">On the validation images, in percent.</param>
/// <param name="Top5Error">On the validation images, in percent.</param>
internal sealed record EpochPoint(int Epoch, double TrainingLoss, double ValidationLoss, double Top1Error, double Top5Error);
