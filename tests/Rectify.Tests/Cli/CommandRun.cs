using System.Text.Json;
using Rectify.Cli;

namespace Rectify.Tests.Cli;

/// <summary>Runs the command in this process.</summary>
internal static class CommandRun
{
    public static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int code = CommandTree.Run(arguments, output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>What --json prints.</summary>
    public static JsonElement LastLine(string output) => JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
}
