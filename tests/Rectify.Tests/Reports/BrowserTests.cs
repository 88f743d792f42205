using System.Text.RegularExpressions;
using Rectify.Reports;
using Rectify.Tensors;
using Rectify.Tests.Cli;
using Rectify.Tests.Data;

namespace Rectify.Tests.Reports;

/// <summary>The report of a real run in a real browser.</summary>
[Trait("Width", "any")]
public sealed class BrowserTests
{
    private static readonly string[] Charts =
    [
        "chart-error", "chart-loss", "chart-rate", "chart-slopes", "chart-signal-forward", "chart-signal-backward", "chart-classes", "chart-confusion",
    ];

    private const string PointAtABar =
        """
        <script>
        setTimeout(() => {
          const bar = document.querySelector('[data-chart="chart-classes"] .mark-rect path[role="graphics-symbol"]');
          const place = bar.getBoundingClientRect();
          const pointer = { bubbles: true, clientX: place.x + place.width / 2, clientY: place.y + place.height / 2 };
          bar.dispatchEvent(new PointerEvent("pointermove", pointer));
          bar.dispatchEvent(new MouseEvent("mousemove", pointer));
        }, 3000);
        </script>
        """;

    [Fact]
    public void Report_InABrowser_DrawsEveryChartWithoutAWord()
    {
        Assert.SkipWhen(Chromium.Program is null, "there is no chromium on the PATH: apt install chromium");
        NeedsScripts();
        using TemporaryFolder folder = new();
        foreach ((string name, string activation) in new[] { ("prelu", "prelu"), ("relu", "relu") })
        {
            string[] small = ["--data", "builtin:60", "--val", "builtin:40", "--width", "0.1", "--size", "16", "--epochs", "2", "--batch", "30"];
            (int trained, _, string failed) = CommandRun.Run(["train", .. small, "--activation", activation, "--run", folder.At(name)]);
            Assert.True(trained == 0, failed);
        }

        (int code, _, string errors) = CommandRun.Run("report", "--run", folder.At("prelu"), "--against", folder.At("relu"));
        Assert.True(code == 0, errors);
        (string document, string[] console) = Chromium.Open(folder.At("prelu/report.html"), folder.At("profile"));
        Assert.Empty(console);
        string[] drawn = [.. Regex.Matches(document, "data-chart=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
        Assert.Empty(Charts.Except(drawn));
        foreach (string chart in drawn)
        {
            string place = document[document.IndexOf($"data-chart=\"{chart}\"", StringComparison.Ordinal)..document.IndexOf($"id=\"{chart}\"", StringComparison.Ordinal)];
            Assert.True(Regex.Count(place, "role=\"graphics-symbol\"") > 0, $"{chart} has no marks");
            Assert.DoesNotContain("NaN", place, StringComparison.Ordinal);
        }

        Assert.Contains("class=\"photos\"", document, StringComparison.Ordinal);
        Assert.Contains("class=\"filters\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_InABrowser_RunsNoScriptOfAName()
    {
        Assert.SkipWhen(Chromium.Program is null, "there is no chromium on the PATH: apt install chromium");
        NeedsScripts();
        using TemporaryFolder folder = new();
        ReportPage.Write(folder.At("report.html"), ThoughtOutRun.Report(ThoughtOutRun.Hostile), ChartScripts.Find(_ => { }));
        (string document, string[] console) = Chromium.Open(folder.At("report.html"), folder.At("profile"));
        Assert.Empty(console);
        Assert.DoesNotContain("<script>alert", document, StringComparison.Ordinal);
        Assert.Contains("role=\"graphics-symbol\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_PointedAt_TellsItsNumbers()
    {
        Assert.SkipWhen(Chromium.Program is null, "there is no chromium on the PATH: apt install chromium");
        NeedsScripts();
        using TemporaryFolder folder = new();
        string page = Regex.Replace(ReportPage.Create(ThoughtOutRun.Report(ThoughtOutRun.Hostile), ChartScripts.Find(_ => { })), "<meta http-equiv[^>]*>", "");
        int end = page.LastIndexOf("</body>", StringComparison.Ordinal);
        File.WriteAllText(folder.At("report.html"), page[..end] + PointAtABar + page[end..]);
        (string document, string[] console) = Chromium.Open(folder.At("report.html"), folder.At("profile"));
        Assert.Empty(console);
        string tooltip = Regex.Match(document, "id=\"vg-tooltip-element\".*?</table>", RegexOptions.Singleline).Value;
        Assert.Contains("visible", tooltip, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert", tooltip, StringComparison.Ordinal);
    }

    [Fact]
    public void ExperimentPage_InABrowser_DrawsEveryChartAndRunsNoScriptOfAName()
    {
        Assert.SkipWhen(Chromium.Program is null, "there is no chromium on the PATH: apt install chromium");
        NeedsScripts();
        using TemporaryFolder folder = new();
        ExperimentPage.Write(
            folder.At("report.html"), ThoughtOutResult.Create(ThoughtOutRun.Hostile), ChartScripts.Find(_ => { }), () => new ThoughtOutResult.Images(), new PngEncoder());
        (string document, string[] console) = Chromium.Open(folder.At("report.html"), folder.At("profile"));
        Assert.Empty(console);
        Assert.DoesNotContain("<script>alert", document, StringComparison.Ordinal);
        string[] places = document.Split("data-chart=")[1..];
        Assert.Equal(2, places.Length);
        Assert.All(places, place => Assert.Contains("role=\"graphics-symbol\"", place, StringComparison.Ordinal));
    }

    private static void NeedsScripts()
    {
        try
        {
            _ = ChartScripts.Find(_ => { });
        }
        catch (RectifyException e)
        {
            Assert.Skip(e.Message);
        }
    }
}
