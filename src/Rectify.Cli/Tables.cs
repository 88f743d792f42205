using System.Globalization;
using Rectify.Mpi;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>Tables in the terminal, all in one manner.</summary>
internal static class Tables
{
    // Wide enough for every table where the output is no terminal and so has no width of its own.
    private const int FileWidth = 200;

    public static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (MpiLauncher.IsShared || Console.IsOutputRedirected || !ReferenceEquals(writer, Console.Out))
        {
            console.Profile.Width = FileWidth;
        }

        return console;
    }

    /// <summary>A table with columns of words, then columns of numbers.</summary>
    public static Table New(string[] words, string[] numbers)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string word in words)
        {
            table.AddColumn(new TableColumn(word).NoWrap());
        }

        foreach (string number in numbers)
        {
            table.AddColumn(new TableColumn(number).RightAligned().NoWrap());
        }

        return table;
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
