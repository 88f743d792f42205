using Rectify.Evaluation;

namespace Rectify.Reports;

/// <summary>Where it errs: the errors of each class.</summary>
internal static class ClassesSection
{
    private const string Id = "classes";
    private const string Title = "Where it errs";
    private const int MostListed = 3;

    public static Section Create(ReportFacts report)
    {
        RunFacts run = report.Run;
        if (run.Scores is not { } scores)
        {
            return Section.Without(Id, Title, run.AboutScores);
        }

        Html page = new();
        page.Add($"<p>{run.AboutScores}</p>\n");
        IReadOnlyList<ClassErrors> classes = ClassErrors.Of(scores);
        ClassErrors[] there = [.. classes.Where(each => each.Images > 0)];
        if (there.Length < classes.Count)
        {
            page.Add($"<p>Classes without an image: {classes.Count - there.Length:N0}.</p>\n");
        }

        ClassErrorsChart.Create(there, run.ClassName).Write(page);
        WriteTable(page, run, there);
        ConfusionMatrix matrix = ConfusionMatrix.Of(scores);
        if (matrix.Classes.Count <= ConfusionChart.MostClasses)
        {
            ConfusionChart.Create(matrix, classes, run.ClassName).Write(page);
        }

        WriteWorst(page, run, there, matrix);
        return new Section(Id, Title, page);
    }

    private static void WriteTable(Html page, RunFacts run, ClassErrors[] classes)
    {
        page.AddMarkup("<details><summary>The same as a table</summary>");
        HtmlTable table = new(page, "Errors of each class, with 95 % intervals", "class", "#images", "#top-1", "#interval", "#top-5", "#interval");
        foreach (ClassErrors each in ClassErrors.Ascending(classes, 5))
        {
            string Interval(int top)
            {
                WilsonInterval interval = WilsonInterval.Of(each.Errors(top), each.Images);
                return $"{Numbers.Decimals(interval.Lower, 2)} – {Numbers.Decimals(interval.Upper, 2)}";
            }

            string[] errors = [Numbers.Percent(each.ErrorPercent(1)), Interval(1), Numbers.Percent(each.ErrorPercent(5)), Interval(5)];
            table.Add([run.ClassName(each.Name), Numbers.Count(each.Images), .. errors]);
        }

        table.End();
        page.AddMarkup("</details>\n");
    }

    private static void WriteWorst(Html page, RunFacts run, IEnumerable<ClassErrors> classes, ConfusionMatrix matrix)
    {
        ClassErrors[] worst = [.. classes.Where(each => each.Top1Errors > 0).OrderByDescending(each => each.ErrorPercent(1)).Take(MostListed)];
        if (worst.Length == 0)
        {
            return;
        }

        page.AddMarkup("<h3>The hardest classes</h3>\n<ul>\n");
        foreach (ClassErrors each in worst)
        {
            page.Add($"<li><strong>{run.ClassName(each.Name)}</strong>: wrong in {each.Top1Errors:N0} of {each.Images:N0}, answered ");
            string[] answers =
            [
                .. matrix.Mistakes(each.Class).Take(MostListed).Select(mistake => $"{run.ClassName(matrix.Classes[mistake.Answer])} ({Numbers.Count(mistake.Images)})"),
            ];
            page.Add($"{(answers.Length > 0 ? string.Join(", ", answers) : "nothing: they could not be read")}.</li>\n");
        }

        page.AddMarkup("</ul>\n");
    }
}
