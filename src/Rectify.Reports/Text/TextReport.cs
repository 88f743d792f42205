using System.Globalization;
using Rectify.Diagnostics;
using Rectify.Evaluation;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>A run in some lines of text: what it is, its curves, its errors, its slopes and its hardest classes.</summary>
public static class TextReport
{
    private const int Width = 48;
    private const int MostSlopes = 24;
    private const int Hardest = 3;

    /// <summary>Writes it.</summary>
    /// <param name="output">Where.</param>
    /// <param name="report">What it shows.</param>
    public static void Write(TextWriter output, ReportFacts report)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        foreach (RunFacts run in report.Runs)
        {
            WriteHead(output, run);
            WriteCurves(output, run.History);
            WriteErrors(output, run);
        }

        WriteSlopes(output, report.Run.Slopes);
        WriteClasses(output, report.Run);
        WriteTests(output, report);
    }

    private static void WriteHead(TextWriter output, RunFacts run)
    {
        Recipe recipe = run.Recipe;
        output.WriteLine($"{run.Name}: {ModelCatalog.Find(recipe.Model).Title} × {Numbers.Short(recipe.Width)}, {recipe.Activation}, {recipe.Size}×{recipe.Size} crops, "
            + $"{Numbers.Count(recipe.Classes.Count)} classes of {recipe.Data}");
        if (run.Network is { } network)
        {
            output.WriteLine($"  {Numbers.Count(network.Parameters)} parameters, {Numbers.Count(network.SlopeCount)} of them slopes; checkpoint {network.Checkpoint}");
        }

        if (run.History.Epochs.Count > 0)
        {
            output.WriteLine($"  {Numbers.Of(run.History.Epochs[^1].Epoch, "epoch")} in {Numbers.Time(run.History.Seconds)}, {recipe.Machine}");
        }
    }

    private static void WriteCurves(TextWriter output, RunHistory history)
    {
        WriteCurve(output, "training loss", [.. LossCurves.Averages(history, Width).Select(point => point.Loss)], "F3");
        WriteCurve(output, "validation loss", [.. history.Epochs.Select(epoch => epoch.Loss).OfType<double>()], "F3");
        WriteCurve(output, "top-1 error, %", [.. history.Epochs.Select(epoch => epoch.Top1Error).OfType<double>()], "F2");
        WriteCurve(output, "top-5 error, %", [.. history.Epochs.Select(epoch => epoch.Top5Error).OfType<double>()], "F2");
        if (history.Best is { } best)
        {
            output.WriteLine($"  best epoch       {best.Epoch}: top-1 {Numbers.Percent(best.Top1Error)}, top-5 {Numbers.Percent(best.Top5Error)}");
        }
    }

    private static void WriteCurve(TextWriter output, string name, double[] values, string format)
    {
        if (values.Length > 0)
        {
            string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
            output.WriteLine($"  {name,-15}  {Sparkline.Of(values, Width)}  {Text(values[0])} → {Text(values[^1])}");
        }
    }

    private static void WriteErrors(TextWriter output, RunFacts run)
    {
        Errors errors = Errors.Of(run);
        if (errors.Top1 is not null)
        {
            output.WriteLine($"  top-1 error      {Numbers.Percent(errors.Top1)}, {errors.About(1)}");
            output.WriteLine($"  top-5 error      {Numbers.Percent(errors.Top5)}, {errors.About(5)}");
        }
    }

    private static void WriteSlopes(TextWriter output, IReadOnlyList<SlopeStatistics> slopes)
    {
        if (slopes.Count == 0)
        {
            return;
        }

        output.WriteLine($"learned slopes, mean by layer  {Sparkline.Of([.. slopes.Select(slope => slope.Mean)], slopes.Count)}");
        foreach (SlopeStatistics slope in slopes.Take(MostSlopes))
        {
            output.WriteLine($"  {slope.Layer,-24} {Numbers.Decimals(slope.Mean, 3),7}  ({Numbers.Decimals(slope.Least, 3)} to {Numbers.Decimals(slope.Most, 3)})");
        }

        if (slopes.Count > MostSlopes)
        {
            output.WriteLine($"  and {slopes.Count - MostSlopes} more: rectify inspect --slopes");
        }
    }

    private static void WriteClasses(TextWriter output, RunFacts run)
    {
        if (run.Scores is not { } scores)
        {
            return;
        }

        output.WriteLine(run.AboutScores);
        output.WriteLine("hardest classes");
        foreach (ClassErrors each in ClassErrors.Ascending(ClassErrors.Of(scores), 1).Reverse().Take(Hardest))
        {
            string errors = $"top-1 {Numbers.Percent(each.ErrorPercent(1))}, top-5 {Numbers.Percent(each.ErrorPercent(5))}";
            output.WriteLine($"  {run.ClassName(each.Name)}: {errors} of {Numbers.Of(each.Images, "image")}");
        }
    }

    private static void WriteTests(TextWriter output, ReportFacts report)
    {
        if (report.Run.Scores is not { } scores || report.Against?.Scores is not { } others)
        {
            return;
        }

        try
        {
            foreach (int top in new[] { 1, 5 })
            {
                McNemarTest test = McNemarTest.Between(others, scores, top);
                output.WriteLine(
                    $"top-{top}: only {report.Run.Name} wrong on {Numbers.Of(test.SecondOnly, "image")}, only {report.Against.Name} on {Numbers.Count(test.FirstOnly)}: "
                    + $"{(test.IsReal ? "the difference is real" : "that could be chance")} (p = {Numbers.Short(test.P)})");
            }
        }
        catch (RectifyException e)
        {
            output.WriteLine(e.Message);
        }
    }
}
