using System.CommandLine;

namespace Rectify.Cli;

/// <summary>rectify dataset: looks at data before anything is trained on it.</summary>
internal static class DatasetCommand
{
    private const string Help =
        """
        Looks at a data set before training, and packs it.

        Example: rectify dataset check photos/
        Example: rectify dataset stats photos/ --out photos.stats.safetensors
        Example: rectify dataset pack photos/ --out packed/
        """;

    public static Command Create() => new("dataset", Help) { DatasetCheckCommand.Create(), DatasetStatsCommand.Create(), DatasetPackCommand.Create() };
}
