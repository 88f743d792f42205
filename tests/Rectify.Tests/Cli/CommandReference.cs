using System.CommandLine;
using System.Globalization;
using System.Text;
using Rectify.Cli;

namespace Rectify.Tests.Cli;

/// <summary>All verbs and options as a page, from the commands themselves.</summary>
internal static class CommandReference
{
    private const string Head =
        """
        # All commands

        Each verb with all its options, as `--help` has them: this page is written from the commands, and a test compares. A default stands in brackets. Exit codes:
        0 done, 1 failed, 2 wrong use, 130 interrupted.


        """;

    public static string Write()
    {
        StringBuilder page = new(Head);
        List<(string Name, Command Command)> verbs = [.. Verbs("rectify", CommandTree.Root([], null))];
        _ = page.Append("| | |\n|---|---|\n");
        foreach ((string name, Command command) in verbs)
        {
            _ = page.Append(CultureInfo.InvariantCulture, $"| [`{name}`](#{name.Replace(' ', '-')}) | {Cell(FirstSentence(command))} |\n");
        }

        foreach ((string name, Command command) in verbs)
        {
            _ = page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n```text\n{string.Join('\n', Lines(command))}\n```\n");
            WriteTable(page, command);
        }

        return page.ToString();
    }

    private static IEnumerable<(string Name, Command Command)> Verbs(string before, Command command)
    {
        foreach (Command verb in command.Subcommands)
        {
            string name = $"{before} {verb.Name}";
            if (verb.Action is not null)
            {
                yield return (name, verb);
            }

            foreach ((string Name, Command Command) below in Verbs(name, verb))
            {
                yield return below;
            }
        }
    }

    private static void WriteTable(StringBuilder page, Command command)
    {
        _ = page.Append("\n| | |\n|---|---|\n");
        foreach (Argument argument in command.Arguments)
        {
            _ = page.Append(CultureInfo.InvariantCulture, $"| `{argument.HelpName ?? argument.Name}` | {Cell(argument.Description)} |\n");
        }

        foreach (Option option in command.Options)
        {
            string names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}{(option.HelpName is { } value ? $" {Cell(value)}" : "")}`"));
            _ = page.Append(CultureInfo.InvariantCulture, $"| {names} | {Cell(option.Description)}{Default(option)} |\n");
        }
    }

    // The same on every machine.
    private static string Default(Option option) =>
        option is Option<int> { DefaultValueFactory: { } factory } && factory.Method.Name == nameof(EngineOptions.AllCores) ? " [all cores]"
        : !option.HasDefaultValue || option.GetDefaultValue() is not { } value || value is false || value is string { Length: 0 } || value is Array { Length: 0 } ? ""
        : string.Create(CultureInfo.InvariantCulture, $" [{value}]");

    private static string FirstSentence(Command command)
    {
        string paragraph = string.Join(' ', Lines(command).TakeWhile(line => line.Length > 0));
        return paragraph.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? paragraph[..(end + 1)] : paragraph;
    }

    private static string[] Lines(Command command) => [.. (command.Description ?? "").Split('\n').Select(line => line.TrimEnd())];

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
