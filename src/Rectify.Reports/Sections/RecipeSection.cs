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
        page.Add($"<p>{Count(ValueOrigin.Paper)} hyper-parameters are the paper's, {Count(ValueOrigin.Changed)} are changed, {Count(ValueOrigin.NotStated)} the paper does not state.</p>\n");
        page.AddMarkup("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Hyper-parameters\"><table><caption>Each hyper-parameter beside the paper’s</caption><thead><tr>");
        page.AddMarkup("<th scope=\"col\">hyper-parameter</th><th scope=\"col\">value</th><th scope=\"col\">the paper</th><th scope=\"col\">where</th></tr></thead><tbody>\n");
        foreach (HyperParameter parameter in all)
        {
            string paper = parameter.Origin switch
            {
                ValueOrigin.Paper => "the same",
                ValueOrigin.Changed => parameter.Paper,
                _ => "not stated",
            };
            page.Add($"<tr class=\"{(parameter.Origin == ValueOrigin.Changed ? "changed" : "")}\"><th scope=\"row\">{parameter.Name}</th><td>{parameter.Value}</td><td>{paper}</td>");
            page.Add($"<td>{parameter.Place}</td></tr>\n");
        }

        page.AddMarkup("</tbody></table></div>\n");
        page.Add($"<details><summary>The whole recipe, as recipe.json has it</summary><pre>{report.RecipeText}</pre></details>\n");
        return new Section(Id, Title, page);
    }
}
