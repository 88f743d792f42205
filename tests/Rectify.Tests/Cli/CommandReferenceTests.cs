namespace Rectify.Tests.Cli;

[Trait("Width", "any")]
public sealed class CommandReferenceTests
{
    private const string Accept = "RECTIFY_ACCEPT_COMMANDS";

    [Fact]
    public void Page_SaysWhatTheCommandsSay()
    {
        string path = Path.Combine(Repository.Root, "docs", "commands.md");
        string found = CommandReference.Write();
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(path, found);
        }

        string[] recorded = File.Exists(path) ? File.ReadAllLines(path) : [], lines = found.TrimEnd('\n').Split('\n');
        string[] changes = [.. recorded.Except(lines).Select(line => $"- {line}"), .. lines.Except(recorded).Select(line => $"+ {line}")];
        Assert.True(
            recorded.SequenceEqual(lines),
            $"docs/commands.md is not what the commands say:\n{string.Join('\n', changes)}\n"
            + $"Write it anew and commit it: {Accept}=1 dotnet run --project tests/Rectify.Tests -c Release -- --filter-class '*CommandReferenceTests'");
        Assert.True(lines.Length > 200, "the page names hardly anything: the test has gone blind");
    }
}
