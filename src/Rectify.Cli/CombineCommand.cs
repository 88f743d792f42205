using System.CommandLine;
using Rectify.Evaluation;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify combine.</summary>
internal static class CombineCommand
{
    private const string Help =
        """
        Adds the scores of several networks on the same images, and counts the errors of the mean.

        Example: rectify combine a.scores.safetensors b.scores.safetensors c.scores.safetensors --leave-one-out
        Example: rectify combine runA runB --weights 2,1 --save-scores both.scores.safetensors
        Example: rectify combine a-test.safetensors b-test.safetensors --greedy --choose-on a-val.safetensors b-val.safetensors
        A file is one that rectify evaluate or rectify combine has saved, or a run in whose folder scores/ there is one such file.
        --greedy adds networks one by one, each time the best, and keeps the fewest with the fewest errors. Chosen on the very images that are reported, they look better
        than they are: choose on others.
        """;

    public static Command Create()
    {
        Argument<string[]> files = new("FILE") { Description = "Scores, or runs that hold some; at least two.", Arity = ArgumentArity.OneOrMore };
        Option<string?> weights = new("--weights") { Description = "A weight for each file (default: equal).", HelpName = "W,W,…" };
        Option<bool> leaveOneOut = new("--leave-one-out") { Description = "For each file, the errors of all others together." };
        Option<bool> greedy = new("--greedy") { Description = "Choose the few that are best together." };
        Option<string[]> chooseOn = new("--choose-on")
        {
            Description = "Choose by these scores of other images, one file for each FILE in the same order.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        TopOption top = new();
        Option<string?> save = new("--save-scores") { Description = "Save the mean's scores (with --greedy, that of the chosen).", HelpName = "OUT" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("combine", Help) { files, weights, leaveOneOut, greedy, chooseOn, top.Option, save, json };
        command.SetAction(result =>
        {
            if (result.GetValue(greedy))
            {
                GivenOptions.Refuse(result, "cannot be given with --greedy: the chosen count the same.", weights);
            }
            else
            {
                GivenOptions.Refuse(result, "is for choosing: add --greedy, or leave it out.", chooseOn, top.Option);
            }

            if (result.GetValue(save) is { } place)
            {
                ScoreFile.CheckPath(place);
            }

            string[] given = result.GetValue(files)!;
            ScoreCombination all = new([.. given.Select(ScorePlace.Load)], result.GetValue(weights) is { } text ? ScoreWeights.Parse(weights.Name, text, "file") : null);
            int counted = top.For(result, all.Members[0].Table.Classes.Count);
            CombinedScores combined = new(all, all.Count([.. Enumerable.Range(0, given.Length)]), counted);
            if (result.GetValue(leaveOneOut))
            {
                combined = combined with { LeftOut = all.LeaveOneOut() };
            }

            if (result.GetValue(greedy))
            {
                combined = Choose(combined, result.GetValue(chooseOn) ?? []);
            }

            TextWriter output = result.InvocationConfiguration.Output;
            CombinationPrinter.Print(result.GetValue(json) ? result.InvocationConfiguration.Error : output, combined);
            CombinationPrinter.Warn(result.InvocationConfiguration.Error, combined);
            if (result.GetValue(save) is { } path)
            {
                ScoreFile.Save(TableOf(combined), path);
            }

            if (result.GetValue(json))
            {
                CombinationPrinter.WriteJson(output, combined);
            }
        });
        return command;
    }

    private static CombinedScores Choose(CombinedScores combined, string[] others)
    {
        ScoreCombination reported = combined.All;
        ScoreCombination chosenOn = reported;
        if (others.Length > 0)
        {
            UsageException.Require(
                others.Length == reported.Members.Count,
                $"--choose-on names {others.Length} files for {reported.Members.Count} to choose from: name one for each, in the same order.");
            chosenOn = new ScoreCombination([.. others.Select(ScorePlace.Load)]);
            for (int m = 0; m < others.Length; m++)
            {
                (ScoreMember one, ScoreMember other) = (reported.Members[m], chosenOn.Members[m]);
                (string x, string y) = (one.Table.Origin.ModelFingerprint, other.Table.Origin.ModelFingerprint);
                if (x.Length > 0 && y.Length > 0 && x != y)
                {
                    throw new RectifyException($"{one.Name} and {other.Name} are the scores of different networks; name the files of --choose-on in the order of the others.");
                }
            }
        }

        int top = combined.Top;
        IReadOnlyList<SelectionStep> steps = GreedySelection.Run(chosenOn, top);
        int count = GreedySelection.Best(steps, top);
        int[] order = [.. steps.Select(step => step.Member)];
        return combined with
        {
            Steps = [.. steps.Select((step, i) => (step, chosenOn == reported ? step.Errors : reported.Count(order[..(i + 1)])))],
            Chosen = [.. order[..count].Order()],
            ChosenOnOthers = chosenOn.Members[0].Table.Origin.ImagesFingerprint != reported.Members[0].Table.Origin.ImagesFingerprint,
        };
    }

    private static ScoreTable TableOf(CombinedScores combined) => combined.Chosen switch
    {
        [] => combined.All.Table(),
        [var one] => combined.All.Members[one].Table,
        var several => new ScoreCombination([.. several.Select(m => combined.All.Members[m])]).Table(),
    };
}
