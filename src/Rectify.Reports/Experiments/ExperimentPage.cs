using System.Globalization;
using System.Text;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Reproduction;

namespace Rectify.Reports;

/// <summary>What an experiment found, as one page: the paper's numbers beside ours, charts, tables, pictures, how it was run, what differs.</summary>
public static class ExperimentPage
{
    /// <summary>The file's name in a result's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where.</param>
    /// <param name="result">What was found.</param>
    /// <param name="scripts">What draws the charts; null for a page without them.</param>
    /// <param name="images">Opens the images that the result's pictures are of; asked where there are pictures.</param>
    /// <param name="encoder">Encodes photos.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, ExperimentResult result, ChartScripts? scripts, Func<IDataset> images, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(encoder);
        byte[] page = Encoding.UTF8.GetBytes(Create(result, scripts, result.Pictures.Count > 0 ? ResultPhotos.Read(result.Pictures, images(), encoder) : []));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page.</summary>
    internal static string Create(ExperimentResult result, ChartScripts? scripts, IReadOnlyList<(string Group, PhotoAnswer Photo)> photos)
    {
        List<Section> sections = [];
        Add(sections, "claims", "Beside the paper", result.Claims.Count > 0, page => WriteClaims(page, result));
        Add(sections, "charts", "Curves", scripts is not null && (result.Curves.Count > 0 || result.Bars.Count > 0), page => WriteCharts(page, result));
        Add(sections, "pictures", "Pictures", photos.Count > 0, page => WritePhotos(page, photos));
        Add(sections, "numbers", "Numbers", result.Tables.Count > 0 || result.Bars.Count > 0, page => WriteTables(page, result with { Pictures = [] }));
        Add(sections, "run", "How it was run", true, page => WriteFacts(page, result));
        Add(sections, "differences", "What differs from the paper", result.Differences.Count > 0, page => WriteDifferences(page, result));
        string name = result.Scale.Length > 0 ? $"{result.Name}, {result.Scale}" : result.Name;
        return PageShell.Create(name, page => WriteHead(page, result, name), sections, "rectify reproduce", scripts);
    }

    private static void Add(List<Section> sections, string id, string title, bool isThere, Action<Html> write)
    {
        if (isThere)
        {
            Html body = new();
            write(body);
            sections.Add(new Section(id, title, body));
        }
    }

    private static void WriteHead(Html page, ExperimentResult result, string name)
    {
        page.Add($"<p class=\"kicker\">He, Zhang, Ren and Sun (2015), run again</p>\n<h1>{name}</h1>\n<p class=\"lead\">{result.Place} of the paper: ");
        page.Add($"{Judgements.NameOf(result.Judgement)}.</p>\n<dl class=\"tiles\">\n");
        foreach (IGrouping<Judgement, JudgedClaim> claims in result.Claims.GroupBy(claim => claim.Judgement).OrderBy(group => group.Key))
        {
            Tiles.Write(page, "Claims", Numbers.Count(claims.Count()), Judgements.NameOf(claims.Key));
        }

        Tiles.Write(page, "Time", Numbers.Time(60 * result.Minutes), "training and measuring");
        if (result.Seeds > 0)
        {
            Tiles.Write(page, "Seeds", Numbers.Count(result.Seeds), Numbers.Of(result.Runs.Count, "run"));
        }

        page.AddMarkup("</dl>\n");
    }

    private static void WriteClaims(Html page, ExperimentResult result)
    {
        HtmlTable table = new(page, "Claims, tests that were fixed before the runs, and what they say", "the paper", "its numbers", "ours", "test", "judgement");
        foreach (JudgedClaim claim in result.Claims)
        {
            string[] cells = [claim.Claim, claim.Paper, claim.Ours, claim.Test, Judgements.NameOf(claim.Judgement)];
            if (claim.Judgement == Judgement.Contradicts)
            {
                table.AddChanged(cells);
            }
            else
            {
                table.Add(cells);
            }
        }

        table.End();
    }

    private static void WriteCharts(Html page, ExperimentResult result)
    {
        int number = 0;
        foreach (IGrouping<(string Quantity, string Unit), ResultCurve> curves in result.Curves.GroupBy(curve => (curve.Quantity, curve.Unit)))
        {
            ResultCurvesChart.Create(Id(), [.. curves]).Write(page);
        }

        foreach (ResultBars bars in result.Bars)
        {
            ResultBarsChart.Create(Id(), bars).Write(page);
        }

        string Id() => string.Create(CultureInfo.InvariantCulture, $"chart-{++number}");
    }

    private static void WritePhotos(Html page, IReadOnlyList<(string Group, PhotoAnswer Photo)> photos)
    {
        foreach (IGrouping<string, (string Group, PhotoAnswer Photo)> group in photos.GroupBy(photo => photo.Group))
        {
            PhotoList.Write(page, group.Key, [.. group.Select(photo => photo.Photo)], name => name);
        }
    }

    private static void WriteTables(Html page, ExperimentResult result)
    {
        foreach (ResultTable numbers in ResultTables.Of(result))
        {
            HtmlTable table = new(page, numbers.Title, [.. numbers.Columns.Select((column, i) => i > 0 ? $"#{column}" : column)]);
            foreach (IReadOnlyList<string> row in numbers.Rows)
            {
                table.Add([.. row]);
            }

            table.End();
        }
    }

    private static void WriteFacts(Html page, ExperimentResult result)
    {
        HtmlTable table = new(page, "Setting, command, machine");
        (string What, string Is)[] facts =
            [("setting", result.Setting), ("command", result.Command), ("machine", result.Machine), ("runs", string.Join(", ", result.Runs))];
        foreach ((string what, string value) in facts)
        {
            if (value.Length > 0)
            {
                table.Add(what, value);
            }
        }

        table.End();
    }

    private static void WriteDifferences(Html page, ExperimentResult result)
    {
        page.AddMarkup("<ul>\n");
        foreach (string difference in result.Differences)
        {
            page.Add($"<li>{difference}</li>\n");
        }

        page.AddMarkup("</ul>\n");
    }
}
