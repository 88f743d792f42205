using Rectify.Training;

namespace Rectify.Reports;

/// <summary>On what it was trained, how fast, and the command that does it again.</summary>
internal static class MachineSection
{
    public static Section Create(ReportFacts report)
    {
        RunFacts run = report.Run;
        Recipe recipe = run.Recipe;
        RunHistory history = run.History;
        Html page = new();
        HtmlTable table = new(page, "Machine and speed");
        Row(table, "machine", recipe.Machine);
        Row(table, "vectors", recipe.Isa.Length > 0 ? $"{recipe.Isa}, {recipe.Kernels} kernels" : "");
        Row(table, "threads", Numbers.Count(recipe.Threads));
        double[] speeds = [.. history.Epochs.Select(epoch => epoch.ImagesPerSecond).OfType<double>().Order()];
        Row(table, "speed", speeds.Length > 0 ? $"{Numbers.Short(speeds[speeds.Length / 2])} images/s (median of the epochs)" : "");
        double[] waits = [.. history.Epochs.Select(epoch => epoch.WaitShare).OfType<double>()];
        Row(table, "waiting for data", waits.Length > 0 ? Numbers.Percent(100 * waits.Average()) : "");
        Row(table, "time", history.Seconds > 0 ? $"{Numbers.Time(history.Seconds)}, {Numbers.Of(history.Epochs[^1].Epoch, "epoch")}" : "");
        Row(table, "version", recipe.Version);
        table.End();
        if (recipe.Command.Count > 0)
        {
            page.Add($"<h3>To do it again</h3>\n<pre><code>{string.Join(' ', recipe.Command.Select(ShellWord.Quote))}</code></pre>\n");
            page.AddMarkup("<p>The same seed, vector width and kernels give the same bits, with any number of threads.</p>\n");
        }

        return new Section("machine", "Machine, speed, and the command", page);
    }

    private static void Row(HtmlTable table, string name, string value)
    {
        if (value.Length > 0)
        {
            table.Add(name, value);
        }
    }
}
