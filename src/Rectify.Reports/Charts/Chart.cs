using System.Text.Json.Nodes;

namespace Rectify.Reports;

/// <summary>A Vega-Lite specification with what is said of it.</summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Description">What it shows, in a sentence: read aloud in its place.</param>
/// <param name="Specification">The specification.</param>
internal sealed record Chart(string Id, string Title, string Description, JsonObject Specification)
{
    /// <summary>Writes the place where it is drawn, and the specification. The JSON's own escapes keep markup out of it.</summary>
    public void Write(Html page)
    {
        page.Add($"""<figure class="chart"><figcaption><strong>{Title}.</strong> {Description}</figcaption>""");
        page.Add($"""<div class="plot" data-chart="{Id}" role="group" aria-label="Chart: {Title}"></div>""");
        page.Add($"""<script type="application/json" id="{Id}">""");
        Specification["description"] = Description;
        page.AddMarkup(Specification.ToJsonString());
        page.Add($"</script></figure>\n");
    }
}
