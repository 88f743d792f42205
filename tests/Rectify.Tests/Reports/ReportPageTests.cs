using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Rectify.Reports;
using Rectify.Training;

namespace Rectify.Tests.Reports;

/// <summary>The page of a run that was thought out.</summary>
public sealed class ReportPageTests
{
    private static readonly ChartScripts Scripts = new(["var vega = 1;", "var vegaLite = 2;", "var vegaEmbed = 3;"]);

    [Fact]
    public void Create_HostileNames_StayText()
    {
        string page = ReportPage.Create(ThoughtOutRun.Report(ThoughtOutRun.Hostile), Scripts);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(\"it", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&quot;it&#39;s me&quot;)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("\\u003Cscript\\u003Ealert(\\u0022it\\u0027s me\\u0022)\\u003C/script\\u003E", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EveryScriptThatRuns_IsNamedByThePolicy()
    {
        string page = ReportPage.Create(ThoughtOutRun.Report("cat"), Scripts);
        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value.Replace("&#39;", "'", StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        string[] scripts = [.. Regex.Matches(page, "<script>(.*?)</script>", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];
        Assert.Equal(4, scripts.Length);
        Assert.All(scripts, script => Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'", policy, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_Page_AsksForNothingFromAnywhere()
    {
        string page = ReportPage.Create(ThoughtOutRun.Report("cat"), Scripts);
        Assert.DoesNotMatch("(src|href)=\"(?!#|data:)", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("url\\(", page);
    }

    [Fact]
    public void Create_Twice_GivesTheSameBytes() =>
        Assert.Equal(ReportPage.Create(ThoughtOutRun.Report("cat"), Scripts), ReportPage.Create(ThoughtOutRun.Report("cat"), Scripts));

    [Fact]
    public void Create_EveryAnchorAndLabel_LeadsSomewhere()
    {
        string page = ReportPage.Create(ThoughtOutRun.Report("cat"), Scripts);
        HashSet<string> ids = [.. Regex.Matches(page, "\\bid=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Count, Regex.Count(page, "\\bid=\"[^\"]*\""));
        Assert.All(
            Regex.Matches(page, "(?:href=\"#|aria-labelledby=\"|data-chart=\")([^\"]+)\""), match => Assert.Contains(match.Groups[1].Value, ids));
        Assert.DoesNotMatch("<img(?![^>]*alt=\")", page);
        Assert.Equal(Regex.Count(page, "<table>"), Regex.Count(page, "<table><caption>"));
    }

    [Fact]
    public void Create_RunWithNothing_SaysWhatWouldGiveTheRest()
    {
        RunFacts run = new()
        {
            Name = "new",
            Recipe = ThoughtOutRun.Recipe(["cat", "dog"]),
            History = new RunHistory([], [], null),
            WhyNoNetwork = "It has no checkpoint; go on with: rectify train --resume new",
            AboutScores = "Score some images with: rectify evaluate",
            WhyNoSignal = "See: rectify diagnose",
            WhyNoPhotos = "No photos.",
        };
        string page = ReportPage.Create(new ReportFacts(run, null, "{}"), Scripts);
        foreach (string line in new[] { "rectify train --resume new", "rectify evaluate", "rectify diagnose", "No photos.", "What is not here" })
        {
            Assert.Contains(line, page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("data-chart=\"chart-", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BesideAnother_ShowsWhatDiffers()
    {
        ReportFacts one = ThoughtOutRun.Report("cat");
        RunFacts other = one.Run with { Name = "other", Recipe = one.Run.Recipe with { Activation = "relu" }, Scores = ThoughtOutRun.Scores("cat", right: 1) };
        string page = ReportPage.Create(one with { Against = other }, Scripts);
        Assert.Contains("<th scope=\"row\" class=\"words\">activation</th><td class=\"words\">prelu</td><td class=\"words\">relu</td>", page, StringComparison.Ordinal);
        Assert.Contains("only mine is wrong on 1 image, only other on 1;", page, StringComparison.Ordinal);
        Assert.Contains("chart-difference-1", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Text_HasCurvesErrorsAndSlopes()
    {
        using StringWriter output = new();
        TextReport.Write(output, ThoughtOutRun.Report("cat"));
        string text = output.ToString();
        Assert.Contains("top-1 error, %   █▁  80.00 → 40.00", text, StringComparison.Ordinal);
        Assert.Contains("best epoch       2: top-1 40.00 %", text, StringComparison.Ordinal);
        Assert.Contains("top-1 error      50.00 %, 15.00 to 85.00 % (95 %), 4 images, center view", text, StringComparison.Ordinal);
        Assert.Contains("prelu1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ExperimentPage_WithoutScripts_HasNumbersAndPicturesAndForbidsAllScripts()
    {
        ThoughtOutResult.Images images = new();
        IReadOnlyList<(string, PhotoAnswer)> photos = ResultPhotos.Read(ThoughtOutResult.Create("cat").Pictures, images, new PngEncoder());
        string page = ExperimentPage.Create(ThoughtOutResult.Create("cat"), null, photos);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("script-src &#39;none&#39;", page, StringComparison.Ordinal);
        Assert.Contains("<img src=\"data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.Contains("contradicts the paper", page, StringComparison.Ordinal);
        Assert.Contains("75.0 %", page, StringComparison.Ordinal);
        Assert.Contains("30.00", page, StringComparison.Ordinal);
        Assert.Contains("There is no cat.", page, StringComparison.Ordinal);
    }
}
