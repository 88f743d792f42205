using System.CommandLine;
using Rectify.Communication;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>--parallel: how processes that share a mini-batch come to one gradient.</summary>
internal static class ParallelOption
{
    public static Option<string> Create() => new("--parallel")
    {
        Description = "Of several processes: auto gathers what gradients of large fully connected layers are made of, and sums the others; data sums all.",
        DefaultValueFactory = _ => "auto",
        HelpName = "NAME",
    };

    public static ParallelScheme Read(ParseResult result, Option<string> option) => result.GetValue(option) switch
    {
        "auto" => ParallelScheme.Auto,
        "data" => ParallelScheme.Data,
        "hybrid" => throw new UsageException(
            "--parallel hybrid: left out, for auto moves as few bytes and has no part that one process computes alone (docs/scaling.md); choose auto or data."),
        var other => throw new UsageException($"--parallel {other}: choose auto or data."),
    };
}
