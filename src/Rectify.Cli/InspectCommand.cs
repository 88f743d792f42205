using System.CommandLine;
using System.Globalization;
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
        Shows a network's layers, parameters and multiply-adds, its plan, or what the optimizer does to its parameters.

        Example: rectify inspect --model c      rectify inspect --run small14-1 --plan
        """;

    public static Command Create()
    {
        Option<string?> model = new("--model") { Description = $"One of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))}.", HelpName = "NAME" };
        Option<string?> run = new("--run") { Description = "A run's network instead.", HelpName = "NAME" };
        Option<double> width = new("--width") { Description = "Factor on all channels.", DefaultValueFactory = _ => 1.0, HelpName = "X" };
        Option<int> size = new("--size") { Description = "Crop in pixels.", DefaultValueFactory = _ => 224, HelpName = "N" };
        Option<int> classes = new("--classes") { Description = "Classes.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        Option<string> activation = new("--activation") { Description = $"One of {ActivationNames.All}.", DefaultValueFactory = _ => "prelu", HelpName = "NAME" };
        Option<bool> plan = new("--plan") { Description = "Show the plan: kernels, shapes, multiply-adds and bytes of each step." };
        Option<int> batch = new("--batch") { Description = "Images of the plan's input.", DefaultValueFactory = _ => 1, HelpName = "N" };
        Option<bool> optimizer = new("--optimizer") { Description = "Show groups of parameters with rate, decay and reason." };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("inspect", Help) { model, run, width, size, classes, activation, plan, batch, optimizer, json };
        command.SetAction(result =>
        {
            if (result.GetValue(run) is not null)
            {
                GivenOptions.Refuse(result, "cannot be given with --run: the run's recipe says what its network is.", model, width, size, classes, activation);
            }

            if (result.GetValue(plan))
            {
                GivenOptions.Refuse(result, "cannot be given with --plan: ask for one at a time.", optimizer);
            }
            else
            {
                GivenOptions.Refuse(result, "is the plan's: add --plan, or leave it out.", batch);
            }

            Recipe recipe = result.GetValue(run) is { } name
                ? Recipe.Load(RunFolder.Open(name).RecipePath)
                : new Recipe
                {
                    Model = result.GetValue(model) ?? "small14",
                    Width = result.GetValue(width),
                    Size = result.GetValue(size),
                    Activation = result.GetValue(activation)!,
                    Classes = [.. Enumerable.Range(0, Math.Clamp(result.GetValue(classes), 0, 1 << 20)).Select(i => $"{i}")],
                };
            using Network network = recipe.BuildNetwork();
            TextWriter output = result.InvocationConfiguration.Output;
            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : output;
            IAnsiConsole console = Tables.ConsoleOn(people);
            if (result.GetValue(plan))
            {
                console.Write(PlanTable(network, result.GetValue(batch)));
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
                WriteJson(output, network);
            }
        });
        return command;
    }

    private static Table LayerTable(Network network)
    {
        Table table = Tables.New(["layer", "what", "output H×W×C"], ["parameters", "multiply-adds"]);
        foreach ((Layer layer, MapShape input, MapShape output) in Walk(network))
        {
            table.AddRow(
                layer.Name, Markup.Escape(layer.Description), $"{output.H}×{output.W}×{output.C}", Tables.Number(layer.Parameters.Sum(p => p.Count)), Tables.Number(layer.MultiplyAdds(input)));
        }

        return table;
    }

    private static Table PlanTable(Network network, int batch)
    {
        Table table = Tables.New(["step", "layers", "kernels: forward / backward-data / backward-filter", "output"], ["GFLOP", "MB"]);
        foreach (PlanEntry entry in new Plan(network).Describe(network.Input.WithBatch(Math.Max(1, batch)), ExecutionMode.Training, IsaDetection.Widest))
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

    private static void WriteJson(TextWriter output, Network network) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("parameters", network.ParameterCount);
        json.WriteNumber("multiplyAdds", network.MultiplyAdds(network.Input));
        json.WriteNumber("slopes", network.SlopeCount);
        json.WriteStartArray("layers");
        foreach ((Layer layer, MapShape input, MapShape shape) in Walk(network))
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteStartArray("output");
            json.WriteNumberValue(shape.H);
            json.WriteNumberValue(shape.W);
            json.WriteNumberValue(shape.C);
            json.WriteEndArray();
            json.WriteNumber("parameters", layer.Parameters.Sum(p => p.Count));
            json.WriteNumber("multiplyAdds", layer.MultiplyAdds(input));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static IEnumerable<(Layer Layer, MapShape Input, MapShape Output)> Walk(Network network)
    {
        MapShape shape = network.Input;
        foreach (Layer layer in network.Layers)
        {
            MapShape input = shape;
            shape = layer.Output(shape);
            yield return (layer, input, shape);
        }
    }
}
