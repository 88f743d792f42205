using Rectify.Models;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>The head of the page: what the run is and what came of it.</summary>
internal static class Summary
{
    /// <summary>Writes it.</summary>
    public static void Write(Html page, ReportFacts report)
    {
        RunFacts run = report.Run;
        Recipe recipe = run.Recipe;
        page.Add($"<p class=\"kicker\">A run of Rectify</p>\n<h1>{run.Name}</h1>\n<p class=\"lead\">{Capital(ModelCatalog.Find(recipe.Model).Title)}");
        page.Add($"{(recipe.Width == 1 ? "" : $", {Numbers.Short(recipe.Width)} of its width")}, {recipe.Activation}, trained on {recipe.Data}");
        page.Add($"{(report.Against is { } other ? $", beside {other.Name}" : "")}.</p>\n<dl class=\"tiles\">\n");
        Errors errors = Errors.Of(run);
        Tiles.Write(page, "Top-1 error", Numbers.Percent(errors.Top1), errors.About(1));
        Tiles.Write(page, "Top-5 error", Numbers.Percent(errors.Top5), errors.About(5));
        string parameters = run.Network is { } network ? $"{Numbers.Count(network.Parameters)} parameters, {Numbers.Count(network.SlopeCount)} of them slopes" : "";
        Tiles.Write(page, "Model", $"{recipe.Model} × {Numbers.Short(recipe.Width)}", parameters);
        Tiles.Write(page, "Data", $"{Numbers.Count(recipe.Classes.Count)} classes", $"{recipe.Size}×{recipe.Size} crops");
        double seconds = run.History.Seconds;
        Tiles.Write(
            page,
            "Training time",
            seconds > 0 ? Numbers.Time(seconds) : "–",
            run.History.Epochs.Count > 0 ? Numbers.Of(run.History.Epochs[^1].Epoch, "epoch") : "no epoch yet");
        page.AddMarkup("</dl>\n");
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
