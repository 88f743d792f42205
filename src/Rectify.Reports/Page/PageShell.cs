using System.Security.Cryptography;
using System.Text;

namespace Rectify.Reports;

/// <summary>A page as one file: style, scripts, pictures and data stand in it, and it asks for nothing from anywhere.</summary>
/// <remarks>
/// A content security policy in the page forbids every request and every script but its own, known by their SHA-256. Class names, paths and all that comes from outside
/// are escaped wherever they stand. The same sections give the same bytes.
/// </remarks>
internal static class PageShell
{
    /// <summary>The page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="writeHead">Writes what stands in the header before the contents.</param>
    /// <param name="sections">Its sections; one without a body is named at the end.</param>
    /// <param name="command">What wrote it.</param>
    /// <param name="scripts">What draws the charts; null for a page without any.</param>
    public static string Create(string title, Action<Html> writeHead, IReadOnlyList<Section> sections, string command, ChartScripts? scripts)
    {
        string[] code = scripts is null ? [] : [.. scripts.All, Embedded.Text("report.js")];
        Html page = new();
        page.AddMarkup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy(code)}\">\n<title>{title} · Rectify</title>\n<style>\n");
        page.AddMarkup(Embedded.Text("report.css"));
        page.AddMarkup("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the report</a>\n<header>\n");
        writeHead(page);
        WriteContents(page, sections);
        page.AddMarkup("</header>\n<main id=\"content\" tabindex=\"-1\">\n");
        if (scripts is not null)
        {
            page.AddMarkup("<noscript><p>The charts need JavaScript; most of what they show also stands in the tables.</p></noscript>\n");
        }

        foreach (Section section in sections.Where(section => section.Body is not null))
        {
            page.Add($"<section id=\"{section.Id}\" aria-labelledby=\"{section.Id}-title\">\n<h2 id=\"{section.Id}-title\">{section.Title}</h2>\n");
            page.AddMarkup(section.Body!.ToString());
            page.AddMarkup("</section>\n");
        }

        WriteAbsent(page, sections);
        page.AddMarkup("</main>\n");
        page.Add($"<footer><p>Written by {command}, from the run’s own files.{(scripts is null ? "" : $" Charts: Vega {ChartScripts.Versions}.")}</p></footer>\n");
        WriteScripts(page, code);
        page.AddMarkup("</body>\n</html>\n");
        return page.ToString();
    }

    private static void WriteScripts(Html page, string[] code)
    {
        if (code.Length == 0)
        {
            return;
        }

        page.AddMarkup("<script type=\"application/json\" id=\"chart-config\">");
        page.AddMarkup(ChartTheme.Config().ToJsonString());
        page.AddMarkup("</script>\n");
        foreach (string script in code)
        {
            page.AddMarkup($"<script>{script}</script>\n");
        }
    }

    private static string Policy(string[] scripts)
    {
        IEnumerable<string> hashes = scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'").DefaultIfEmpty("'none'");
        return $"default-src 'none'; script-src {string.Join(' ', hashes)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static void WriteContents(Html page, IReadOnlyList<Section> sections)
    {
        page.AddMarkup("<nav aria-label=\"Contents\"><ul>\n");
        foreach (Section section in sections.Where(section => section.Body is not null))
        {
            page.Add($"<li><a href=\"#{section.Id}\">{section.Title}</a></li>\n");
        }

        page.AddMarkup("</ul></nav>\n");
    }

    private static void WriteAbsent(Html page, IReadOnlyList<Section> sections)
    {
        Section[] absent = [.. sections.Where(section => section.Body is null && section.Absence.Length > 0)];
        if (absent.Length == 0)
        {
            return;
        }

        page.AddMarkup("<section class=\"absent\" aria-labelledby=\"absent-title\">\n<h2 id=\"absent-title\">What is not here</h2>\n<ul>\n");
        foreach (Section section in absent)
        {
            page.Add($"<li><strong>{section.Title}.</strong> {section.Absence}</li>\n");
        }

        page.AddMarkup("</ul>\n</section>\n");
    }
}
