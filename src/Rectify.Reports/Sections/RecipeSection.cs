using Rectify.Training;

namespace Rectify.Reports;

/// <summary>How it was trained: each hyper-parameter beside the paper's.</summary>
internal static class RecipeSection
{
    private const string Id = "recipe";
    private const string Title = "Its recipe";

    public static Section Create(ReportFacts report)
    {
        Recipe recipe = report.Run.Recipe;
        IReadOnlyList<HyperParameter> all = new PaperComparison(recipe).All;
        int Count(ValueOrigin origin) => all.Count(parameter => parameter.Origin == origin);
        Html page = new();
        page.Add($"<p>{Count(ValueOrigin.Paper)} hyper-parameters are the paper's, {Count(ValueOrigin.Changed)} are changed, ");
        page.Add($"{Count(ValueOrigin.NotStated)} the paper does not state.</p>\n");
        HtmlTable table = new(page, "Each hyper-parameter beside the paper’s", "hyper-parameter", "value", "the paper", "where");
        foreach (HyperParameter parameter in all)
        {
            if (parameter.Origin == ValueOrigin.Changed)
            {
                table.AddChanged(parameter.Name, parameter.Value, parameter.Paper, parameter.Place);
            }
            else
            {
                table.Add(parameter.Name, parameter.Value, parameter.Origin == ValueOrigin.Paper ? "the same" : "not stated", parameter.Place);
            }
        }

        table.End();
        page.Add($"<details><summary>The whole recipe, as recipe.json has it</summary><pre>{report.RecipeText}</pre></details>\n");
        return new Section(Id, Title, page);
    }
}
