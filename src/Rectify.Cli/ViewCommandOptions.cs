using System.CommandLine;
using Rectify.Evaluation;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>--view, --scales, --weights and --skip-unreadable: what is looked at, and with how many networks.</summary>
internal sealed class ViewCommandOptions
{
    private readonly Option<string> _view = new("--view")
    {
        Description = "center; 10-view (corners and center, and mirrored); or dense (every window of the last map, and mirrored).",
        DefaultValueFactory = _ => ViewNames.Of(ViewKind.Center),
        HelpName = "VIEW",
    };

    private readonly Option<string?> _scales = new("--scales")
    {
        Description = "Shorter sides to which photos are resized; scores are averaged over them (default: 8/7 of the crop, or the crop where it is small).",
        HelpName = "S,S,…",
    };

    private readonly Option<string?> _weights = new("--weights") { Description = "A weight for each run (default: equal).", HelpName = "W,W,…" };

    private readonly Option<bool> _skip = new("--skip-unreadable") { Description = "Leave images that cannot be read out, instead of counting them as errors." };

    public Option Skip => _skip;

    public void AddTo(Command command)
    {
        command.Options.Add(_view);
        command.Options.Add(_scales);
        command.Options.Add(_weights);
        command.Options.Add(_skip);
    }

    /// <summary>The views that were asked for.</summary>
    public ViewOptions Read(ParseResult result) => new()
    {
        Kind = ViewNames.Parse(result.GetValue(_view)!),
        Scales = result.GetValue(_scales) is { } scales ? NumberList.Parse<int>(_scales.Name, scales, _ => true, "pixels with commas between them, as in 256,384,480") : [],
        SkipUnreadable = result.GetValue(_skip),
    };

    /// <summary>A weight for each run.</summary>
    public IReadOnlyList<double> Weights(ParseResult result, int runs)
    {
        double[] weights = result.GetValue(_weights) is { } text ? ScoreWeights.Parse(_weights.Name, text, "run") : [];
        UsageException.Require(
            weights.Length == 0 || weights.Length == runs, $"--weights: there are {weights.Length} for {runs} {(runs == 1 ? "run" : "runs")}; write one for each, in their order.");
        return weights.Length == 0 ? [.. Enumerable.Repeat(1.0, runs)] : weights;
    }
}
