using System.CommandLine;
using System.Globalization;
using Rectify.Diagnostics;
using Rectify.Execution;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>rectify inspect.</summary>
internal static class InspectCommand
{
    private const string Help =
        """
        Shows a network's layers, parameters and multiply-adds, its plan, or what the optimizer does to its parameters; or a recipe beside the paper's.

        Example: rectify inspect --model c      rectify inspect --run small14-1 --slopes
        Example: rectify inspect --run small14-1 --csv curves.csv
        Example: rectify inspect --recipe paper --model small14
        """;

    private const int MostClasses = 1 << 20;
    private const int MostImages = 1 << 16;

    public static Command Create()
    {
        Option<string?> model = new("--model") { Description = $"One of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))}.", HelpName = "NAME" };
        Option<string?> run = new("--run") { Description = "A run's network instead.", HelpName = "NAME" };
        Option<string?> recipeName = new("--recipe")
        {
            Description = $"Instead: every hyper-parameter of {string.Join(", ", NamedRecipes.All)} or a file, and whether it is the paper's.",
            HelpName = "NAME|FILE",
        };
        Option<double> width = new("--width") { Description = "Factor on all channels.", DefaultValueFactory = _ => 1.0, HelpName = "X" };
        Option<int> size = new("--size") { Description = "Crop in pixels.", DefaultValueFactory = _ => 224, HelpName = "N" };
        Option<int> classes = new("--classes") { Description = "Classes.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        Option<string> activation = new("--activation") { Description = $"One of {ActivationNames.All}.", DefaultValueFactory = _ => "prelu", HelpName = "NAME" };
        Option<bool> plan = new("--plan") { Description = "Show the plan: kernels, shapes, multiply-adds and bytes of each step." };
        Option<int> batch = new("--batch") { Description = "Images of the plan's input.", DefaultValueFactory = _ => 1, HelpName = "N" };
        Option<bool> optimizer = new("--optimizer") { Description = "Show groups of parameters with rate, decay and reason." };
        Option<bool> slopes = new("--slopes") { Description = "Show the slopes that a run's PReLUs have learned, as the paper's Table 1 does." };
        Option<string?> csv = new("--csv")
        {
            Description = "Write the run's log as CSV, a row a step and an epoch: to FILE, or to standard output.",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("inspect", Help) { model, run, recipeName, width, size, classes, activation, plan, batch, optimizer, slopes, csv, json };
        command.SetAction(result =>
        {
            if (result.GetResult(csv) is not null)
            {
                GivenOptions.Refuse(result, "cannot be given with --csv: that writes a run's log and nothing else.", command.Options.Except([run, csv]));
                string named = result.GetValue(run) ?? throw new UsageException("--csv writes a run's log; name the run with --run.");
                LogTable.Write(RunFolder.Open(named), result.GetValue(csv), result.InvocationConfiguration.Output, RunLogCsv.Write);
                return;
            }

            if (result.GetValue(recipeName) is { } asked)
            {
                GivenOptions.Refuse(
                    result, "cannot be given with --recipe: beside it stands --model alone.", run, width, size, classes, activation, plan, batch, optimizer, slopes);
                ShowRecipe(result, RecipeDraft.Open(asked, result.GetValue(model)), result.GetValue(json));
                return;
            }

            if (result.GetValue(run) is not null)
            {
                GivenOptions.Refuse(result, "cannot be given with --run: the run's recipe says what its network is.", model, width, size, classes, activation);
            }

            if (result.GetValue(plan))
            {
                GivenOptions.Refuse(result, "cannot be given with --plan: ask for one at a time.", optimizer, slopes);
            }
            else
            {
                GivenOptions.Refuse(result, "is the plan's: add --plan, or leave it out.", batch);
            }

            if (result.GetValue(slopes))
            {
                GivenOptions.Refuse(result, "cannot be given with --slopes: ask for one at a time.", optimizer);
            }

            UsageException.Require(result.GetValue(classes) is >= 2 and <= MostClasses, $"--classes {result.GetValue(classes)}: choose between 2 and {MostClasses}.");
            UsageException.Require(result.GetValue(batch) is >= 1 and <= MostImages, $"--batch {result.GetValue(batch)}: choose between 1 and {MostImages} images.");

            Recipe recipe = result.GetValue(run) is { } name
                ? Recipe.Load(RunFolder.Open(name).RecipePath)
                : new Recipe
                {
                    Model = result.GetValue(model) ?? "small14",
                    Width = result.GetValue(width),
                    Size = result.GetValue(size),
                    Activation = result.GetValue(activation)!,
                    Classes = [.. Enumerable.Range(0, result.GetValue(classes)).Select(i => $"{i}")],
                };
            if (result.GetValue(slopes) && result.GetValue(run) is null)
            {
                throw new UsageException("--slopes shows what a run has learned; name it with --run.");
            }

            using Network network = result.GetValue(slopes) ? RunFolder.Open(result.GetValue(run)!).Load().Network : recipe.BuildNetwork();
            IReadOnlyList<SlopeStatistics> learned = result.GetValue(slopes) ? SlopeStatistics.Of(network) : [];
            TextWriter output = result.InvocationConfiguration.Output;
            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : output;
            IAnsiConsole console = Tables.ConsoleOn(people);
            if (result.GetValue(plan))
            {
                console.Write(PlanTable(network, result.GetValue(batch)));
            }
            else if (result.GetValue(slopes))
            {
                console.Write(SlopeTable(learned));
            }
            else if (result.GetValue(optimizer))
            {
                console.Write(OptimizerTable(network, recipe.Training));
            }
            else
            {
                console.Write(LayerTable(network));
            }

            people.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{recipe.Model}: {network.ParameterCount:N0} parameters, {network.SlopeCount:N0} of them slopes; "
                + $"{network.MultiplyAdds(network.Input):N0} multiply-adds ({network.MultiplyAdds(network.Input) / 1e10:F2}×10¹⁰) "
                + $"for a {network.Input.H}×{network.Input.W} crop"));
            if (result.GetValue(json))
            {
                WriteJson(output, network, learned);
            }
        });
        return command;
    }

    private static void ShowRecipe(ParseResult result, RecipeDraft draft, bool json)
    {
        TextWriter output = result.InvocationConfiguration.Output;
        TextWriter people = json ? result.InvocationConfiguration.Error : output;
        PaperComparison comparison = new(draft.NeedsWeights ? draft.Recipe with { From = "those of --from" } : draft.Recipe);
        RecipeInspection.Print(Tables.ConsoleOn(people), people, draft, comparison);
        if (json)
        {
            RecipeInspection.WriteJson(output, draft, comparison);
        }
    }

    private static Table LayerTable(Network network)
    {
        Table table = Tables.New(["layer", "what", "output H×W×C"], ["parameters", "multiply-adds"]);
        foreach ((Node node, MapShape input, MapShape output) in Walk(network))
        {
            table.AddRow(
                node.Layer.Name,
                Markup.Escape(node.Layer.Description),
                $"{output.H}×{output.W}×{output.C}",
                Tables.Number(node.Parameters.Sum(p => p.Count)),
                Tables.Number(node.MultiplyAdds(input)));
        }

        return table;
    }

    private static Table PlanTable(Network network, int batch)
    {
        Table table = Tables.New(["step", "layers", "kernels: forward / backward-data / backward-filter", "output"], ["GFLOP", "MB"]);
        foreach (PlanEntry entry in new Plan(network).Describe(network.Input.WithBatch(batch), ExecutionMode.Training, IsaDetection.Widest))
        {
            table.AddRow(
                entry.Name,
                Markup.Escape(entry.Layers),
                entry.Kernels,
                Markup.Escape(entry.Output.ToString()),
                string.Create(CultureInfo.InvariantCulture, $"{2e-9 * entry.MultiplyAdds:F3}"),
                string.Create(CultureInfo.InvariantCulture, $"{entry.Bytes / 1048576.0:F2}"));
        }

        return table;
    }

    private static Table OptimizerTable(Network network, TrainerOptions options)
    {
        Table table = Tables.New(["group", "decay because"], ["tensors", "numbers", "rate", "decay"]);
        foreach (OptimizerGroup group in MomentumOptimizer.Describe(network, options))
        {
            table.AddRow(
                group.Kind,
                group.Reason,
                Tables.Number(group.Tensors),
                Tables.Number(group.Count),
                group.Rate.ToString(CultureInfo.InvariantCulture),
                group.Decay.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static Table SlopeTable(IReadOnlyList<SlopeStatistics> learned)
    {
        Table table = Tables.New(["rectifier"], ["slopes", "mean", "least", "largest"]);
        foreach (SlopeStatistics slope in learned)
        {
            IEnumerable<string> values = new[] { slope.Mean, slope.Least, slope.Most }.Select(value => value.ToString("F3", CultureInfo.InvariantCulture));
            table.AddRow([slope.Layer, Tables.Number(slope.Count), .. values]);
        }

        return table;
    }

    private static void WriteJson(TextWriter output, Network network, IReadOnlyList<SlopeStatistics> learned) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("parameters", network.ParameterCount);
        json.WriteNumber("multiplyAdds", network.MultiplyAdds(network.Input));
        json.WriteNumber("slopes", network.SlopeCount);
        json.WriteStartArray("layers");
        foreach ((Node node, MapShape input, MapShape shape) in Walk(network))
        {
            json.WriteStartObject();
            json.WriteString("name", node.Layer.Name);
            json.WriteStartArray("output");
            json.WriteNumberValue(shape.H);
            json.WriteNumberValue(shape.W);
            json.WriteNumberValue(shape.C);
            json.WriteEndArray();
            json.WriteNumber("parameters", node.Parameters.Sum(p => p.Count));
            json.WriteNumber("multiplyAdds", node.MultiplyAdds(input));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (learned.Count > 0)
        {
            json.WriteStartArray("learnedSlopes");
            foreach (SlopeStatistics slope in learned)
            {
                json.WriteStartObject();
                json.WriteString("name", slope.Layer);
                json.WriteNumber("count", slope.Count);
                json.WriteNumber("mean", slope.Mean);
                json.WriteNumber("least", slope.Least);
                json.WriteNumber("most", slope.Most);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    });

    private static IEnumerable<(Node Node, MapShape Input, MapShape Output)> Walk(Network network)
    {
        MapShape[] maps = [network.Input, .. network.Shapes(network.Input)];
        return network.Nodes.Select((node, i) => (node, maps[node.Sources[0]], maps[i + 1]));
    }
}
