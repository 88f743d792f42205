using System.Globalization;
using System.Text;
using Rectify.Formats;
using Rectify.Training;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>Shows a search for a learning rate: a line now and then, the curve, a table, the rate that is suggested; and writes the curve down.</summary>
/// <param name="people">Where lines go.</param>
/// <param name="steps">Steps of the whole sweep.</param>
internal sealed class RateSearch(TextWriter people, int steps)
{
    /// <summary>Where the curve is written unless told otherwise.</summary>
    public const string DefaultFile = "find-lr.csv";

    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int LinesShown = 6;
    private const int RowsShown = 24;

    private int _done;

    /// <summary>Hears of a step.</summary>
    public void Show(RatePoint point)
    {
        _done++;
        if (_done % Math.Max(1, steps / LinesShown) == 0)
        {
            CommandTree.Tell(people, string.Create(CultureInfo.InvariantCulture, $"step {_done}/{steps}  rate {point.Rate:0.##e+0}  loss {Loss(point.Loss)}"));
        }
    }

    /// <summary>The result.</summary>
    public void Print(RateSweep sweep, string file)
    {
        Table table = Tables.New([], ["rate", "loss", "smoothed"]);
        int every = Math.Max(1, (sweep.Points.Count + RowsShown - 1) / RowsShown);
        foreach (RatePoint point in sweep.Points.Where((_, i) => i % every == 0))
        {
            table.AddRow(point.Rate.ToString("0.##e+0", CultureInfo.InvariantCulture), Loss(point.Loss), Loss(point.Smoothed));
        }

        Tables.ConsoleOn(people).Write(table);
        people.WriteLine($"{Curve(sweep)}  smoothed loss, a mark a step");
        people.WriteLine(sweep.RanAway
            ? string.Create(CultureInfo.InvariantCulture, $"the loss ran away at a rate of {sweep.LargestRate:0.##e+0}")
            : "the loss did not run away");
        people.WriteLine(sweep.Suggestion is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"begin with --lr {rate:0.#e+0}: a tenth of the rate where the smoothed loss is least")
            : "it never fell by more than 1 %, so no rate can be told from it; take one well below that at which it ran away, or look at rectify diagnose");
        AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(Csv(sweep))));
        people.WriteLine($"the curve is in {file}");
    }

    /// <summary>For machines.</summary>
    public static void WriteJson(TextWriter output, RateSweep sweep, string file) => JsonLine.Write(output, json =>
    {
        if (sweep.Suggestion is { } rate)
        {
            json.WriteNumber("suggestion", rate);
        }
        else
        {
            json.WriteNull("suggestion");
        }

        json.WriteBoolean("ranAway", sweep.RanAway);
        json.WriteNumber("largestRate", sweep.LargestRate);
        json.WriteString("file", Path.GetFullPath(file));
        json.WriteStartArray("points");
        foreach (RatePoint point in sweep.Points)
        {
            json.WriteStartArray();
            json.WriteNumberValue(point.Rate);
            json.WriteNumberValue(point.Loss);
            json.WriteNumberValue(point.Smoothed);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    private static string Loss(double loss) => loss.ToString(loss < 1000 ? "F4" : "0.##e+0", CultureInfo.InvariantCulture);

    private static string Csv(RateSweep sweep)
    {
        StringBuilder text = new("rate,loss,smoothed\n");
        foreach (RatePoint point in sweep.Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Rate:r},{point.Loss:r},{point.Smoothed:r}\n");
        }

        return text.ToString();
    }

    // From the least loss to the first one; what is above is at the top.
    private static string Curve(RateSweep sweep)
    {
        if (sweep.Points.Count == 0)
        {
            return "";
        }

        double least = sweep.Points.Min(point => point.Smoothed);
        double first = Math.Max(sweep.Points[0].Smoothed, least + 1e-9);
        return string.Concat(sweep.Points.Select(point => Bars[(int)Math.Clamp((point.Smoothed - least) / (first - least) * (Bars.Length - 1), 0, Bars.Length - 1)]));
    }
}
