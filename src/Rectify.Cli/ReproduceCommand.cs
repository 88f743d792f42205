using System.CommandLine;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Reproduction;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify reproduce.</summary>
internal static class ReproduceCommand
{
    private const int MostSeeds = 1000;

    private const string Help =
        """
        Runs the paper's tables and figures on this machine, and puts the paper's numbers beside ours.

        Without NAME: what there is, how long it takes here, and what was found before.
        Example: rectify reproduce figure-3 --scale builtin      (no data needed; under two minutes on two cores)
        Example: rectify reproduce table-2 --scale cifar --data cifar10/
        Runs lie in runs/reproduce/runs: each is trained once, goes on where it was interrupted, and serves every experiment that needs its recipe.
        Results lie in runs/reproduce/NAME/SCALE: report.html, result.md and result.json.
        """;

    public static Command Create(string[] arguments)
    {
        Argument<string?> name = new("NAME") { Description = "An experiment, or all.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> scale = new("--scale")
        {
            Description = $"{ReproductionScales.Names} (default: cifar where --data or CIFAR10 names it, else builtin).",
            HelpName = "SCALE",
        };
        Option<string?> data = new("--data") { Description = "The scale's pictures (default: the environment's CIFAR10, CLOTHING or IMAGENET).", HelpName = "PATH" };
        Option<int?> seeds = new("--seeds") { Description = "Runs of each variant, of seeds 1 to N (default: the experiment's).", HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output; all else goes to standard error." };
        EngineOptions engine = new();
        Command command = new("reproduce", Help) { name, scale, data, seeds, json };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            ReproductionScale at = Scale(result.GetValue(scale), result.GetValue(data));
            UsageException.Require(result.GetValue(seeds) is null or (>= 1 and <= MostSeeds), $"--seeds {result.GetValue(seeds)}: choose between 1 and {MostSeeds}.");
            IReadOnlyList<Experiment> chosen = result.GetValue(name) switch
            {
                null => [],
                ExperimentCatalog.Everything => ExperimentCatalog.All,
                { } one => [ExperimentCatalog.Find(one)],
            };
            if (chosen.Count > 0 && !chosen.Any(experiment => experiment.Trains))
            {
                GivenOptions.Refuse(result, $"is for what trains networks, and {chosen[0].Name} trains none; leave it out.", data, seeds);
            }

            InvocationConfiguration invocation = result.InvocationConfiguration;
            TextWriter people = result.GetValue(json) ? invocation.Error : invocation.Output;
            KernelContext context = engine.Open(result);
            using (context.Workers)
            using (PhotoDecoder decoder = new())
            {
                ReproductionHost host = new(context, decoder, people, invocation.Error);
                ReproductionSession session = new(context, host, people, arguments) { Scale = at, Seeds = result.GetValue(seeds) };
                return chosen.Count == 0
                    ? session.List(result.GetValue(data), result.GetValue(json) ? invocation.Output : null)
                    : session.Run(chosen, result.GetValue(data), result.GetValue(json) ? invocation.Output : null);
            }
        });
        return command;
    }

    private static ReproductionScale Scale(string? scale, string? data) =>
        scale is not null ? ReproductionScales.Parse(scale)
        : data is not null || Environment.GetEnvironmentVariable(ReproductionScales.VariableOf(ReproductionScale.Cifar)!) is { Length: > 0 } ? ReproductionScale.Cifar
        : ReproductionScale.Builtin;
}
