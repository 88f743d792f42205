using Rectify.Evaluation;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>The run beside another: errors, class by class, and what differs in their recipes.</summary>
internal static class AgainstSection
{
    public static Section Create(ReportFacts report)
    {
        (RunFacts run, RunFacts other) = (report.Run, report.Against!);
        Html page = new();
        WriteErrors(page, report.Runs);
        if (run.Scores is { } scores && other.Scores is { } others)
        {
            try
            {
                WriteClasses(page, run, other, scores, others);
            }
            catch (RectifyException e)
            {
                page.Add($"<p>The classes cannot be compared: {e.Message}</p>\n");
            }
        }
        else
        {
            page.Add($"<p>The classes cannot be compared without scores of both. {(run.Scores is null ? run.AboutScores : other.AboutScores)}</p>\n");
        }

        WriteRecipes(page, run, other);
        return new Section("against", $"Beside {other.Name}", page);
    }

    private static void WriteErrors(Html page, IReadOnlyList<RunFacts> runs)
    {
        HtmlTable table = new(page, "Errors with their 95 % intervals", "run", "#top-1", "#interval", "#top-5", "#interval", "on");
        foreach (RunFacts run in runs)
        {
            Errors errors = Errors.Of(run);
            string Interval(int top) => errors.Interval(top) is { } range ? $"{Numbers.Decimals(range.Lower, 2)} – {Numbers.Decimals(range.Upper, 2)}" : "–";
            string on = errors.Top1 is null ? "–" : $"{Numbers.Of(errors.Images, "image")}, {errors.From}";
            table.Add(run.Name, Numbers.Percent(errors.Top1), Interval(1), Numbers.Percent(errors.Top5), Interval(5), on);
        }

        table.End();
    }

    private static void WriteClasses(Html page, RunFacts run, RunFacts other, ScoreTable scores, ScoreTable others)
    {
        foreach (int top in new[] { 1, 5 })
        {
            McNemarTest test = McNemarTest.Between(others, scores, top);
            page.Add($"<p>Top-{top}: only {run.Name} is wrong on {Numbers.Of(test.SecondOnly, "image")}, only {other.Name} on {test.FirstOnly:N0}; ");
            page.Add($"{(test.IsReal ? "the difference is real" : "that could be chance")} (McNemar’s test, p = {Numbers.Short(test.P)}). ");
            ClassComparison comparison = ClassComparison.Of(others, scores, top);
            page.Add($"Lower in {Numbers.Count(comparison.Improved)}, the same in {Numbers.Count(comparison.Unchanged)}, higher in {comparison.Worse:N0} of its classes.</p>\n");
            if (comparison.Improved + comparison.Worse > 0)
            {
                ClassDifferenceChart.Create(comparison, run, other).Write(page);
            }
        }
    }

    private static void WriteRecipes(Html page, RunFacts run, RunFacts other)
    {
        Dictionary<string, string> values = new PaperComparison(other.Recipe).All.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        (string Name, string Mine, string Other)[] different =
        [
            .. new PaperComparison(run.Recipe).All
                .Select(parameter => (parameter.Name, parameter.Value, values.GetValueOrDefault(parameter.Name, "–")))
                .Where(row => row.Value != row.Item3),
        ];
        if (different.Length == 0)
        {
            page.AddMarkup("<p>Their hyper-parameters are the same.</p>\n");
            return;
        }

        HtmlTable table = new(page, "What differs in the recipes", "hyper-parameter", run.Name, other.Name);
        foreach ((string name, string mine, string others) in different)
        {
            table.Add(name, mine, others);
        }

        table.End();
    }
}
