using Rectify.Tests.Cli;
using Rectify.Tests.Inference;

namespace Rectify.Tests.Reports;

/// <summary>rectify report in the terminal.</summary>
public sealed class ReportCommandTests
{
    [Fact]
    public void Report_Text_NeedsNeitherNodeNorLogNorData()
    {
        using TinyRun run = new();
        (int code, string output, string errors) = CommandRun.Run("report", "--run", run.Path, "--text");
        Assert.True(code == 0, errors);
        Assert.Contains("the 14-layer model", output, StringComparison.Ordinal);
        Assert.Contains("learned slopes, mean by layer", output, StringComparison.Ordinal);
        Assert.DoesNotContain("report.html", output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--open", "--text")]
    [InlineData("--scores", "a", "b")]
    public void Report_WrongUse_IsTold(params string[] options)
    {
        using TinyRun run = new();
        (int code, string output, string errors) = CommandRun.Run(["report", "--run", run.Path, .. options]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("rectify: --", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_AgainstItself_IsTold()
    {
        using TinyRun run = new();
        (int code, _, string errors) = CommandRun.Run("report", "--run", run.Path, "--against", run.Path, "--text");
        Assert.Equal(2, code);
        Assert.Contains("that is the run itself", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NoSuchRun_IsTold()
    {
        (int code, _, string errors) = CommandRun.Run("report", "--run", "no-such-run");
        Assert.Equal(1, code);
        Assert.Contains("There is no run 'no-such-run'", errors, StringComparison.Ordinal);
    }
}
