using System.Security.Cryptography;
using System.Text;
using Rectify.Formats;

namespace Rectify.Reports;

/// <summary>The report as one file: style, scripts, pictures and data stand in it, and it asks for nothing from anywhere.</summary>
/// <remarks>
/// A content security policy in the page forbids every request and every script but its own, known by their SHA-256. Class names, paths and all that comes from outside
/// are escaped wherever they stand. The same facts give the same bytes.
/// </remarks>
public static class ReportPage
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where.</param>
    /// <param name="report">What it shows.</param>
    /// <param name="scripts">What draws the charts.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, ReportFacts report, ChartScripts scripts)
    {
        byte[] page = Encoding.UTF8.GetBytes(Create(report, scripts));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="scripts">What draws the charts.</param>
    public static string Create(ReportFacts report, ChartScripts scripts)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(scripts);
        Section[] sections =
        [
            LearningSection.Create(report),
            SlopesSection.Create(report),
            FiltersSection.Create(report),
            SignalSection.Create(report),
            ClassesSection.Create(report),
            PhotosSection.Create(report),
            .. report.Against is null ? Array.Empty<Section>() : [AgainstSection.Create(report)],
            RecipeSection.Create(report),
            MachineSection.Create(report),
        ];
        string[] code = [.. scripts.All, Embedded.Text("report.js")];
        Html page = new();
        page.AddMarkup("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy(code)}\">\n<title>{report.Run.Name} · Rectify</title>\n<style>\n");
        page.AddMarkup(Embedded.Text("report.css"));
        page.AddMarkup("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the report</a>\n");
        Summary.Write(page, report);
        WriteContents(page, sections);
        page.AddMarkup("<main id=\"content\" tabindex=\"-1\">\n<noscript><p>The charts need JavaScript; most of what they show also stands in the tables.</p></noscript>\n");
        foreach (Section section in sections.Where(section => section.Body is not null))
        {
            page.Add($"<section id=\"{section.Id}\" aria-labelledby=\"{section.Id}-title\">\n<h2 id=\"{section.Id}-title\">{section.Title}</h2>\n");
            page.AddMarkup(section.Body!.ToString());
            page.AddMarkup("</section>\n");
        }

        WriteAbsent(page, sections);
        page.AddMarkup("</main>\n");
        page.Add($"<footer><p>Written by rectify report, from the run’s own files. Charts: Vega {ChartScripts.Versions}.</p></footer>\n");
        page.Add($"<script type=\"application/json\" id=\"chart-config\">");
        page.AddMarkup(ChartTheme.Config().ToJsonString());
        page.AddMarkup("</script>\n");
        foreach (string script in code)
        {
            page.AddMarkup($"<script>{script}</script>\n");
        }

        page.AddMarkup("</body>\n</html>\n");
        return page.ToString();
    }

    private static string Policy(string[] scripts)
    {
        IEnumerable<string> hashes = scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'");
        return $"default-src 'none'; script-src {string.Join(' ', hashes)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static void WriteContents(Html page, Section[] sections)
    {
        page.AddMarkup("<nav aria-label=\"Contents\"><ul>\n");
        foreach (Section section in sections.Where(section => section.Body is not null))
        {
            page.Add($"<li><a href=\"#{section.Id}\">{section.Title}</a></li>\n");
        }

        page.AddMarkup("</ul></nav>\n</header>\n");
    }

    private static void WriteAbsent(Html page, Section[] sections)
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
