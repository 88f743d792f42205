using Rectify.Kernels;
using Rectify.Reproduction;
using Rectify.Training;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Lists experiments and runs them, for rectify reproduce.</summary>
internal sealed class ReproductionSession(KernelContext context, ReproductionHost host, TextWriter people, string[] arguments)
{
    private readonly RunStore _store = new(RunStore.DefaultRoot);
    private readonly RunEstimate _estimate = new(context);

    public required ReproductionScale Scale { get; init; }

    public required int? Seeds { get; init; }

    private string ScaleName => ReproductionScales.NameOf(Scale);

    /// <summary>What there is, how long it takes, what was found.</summary>
    public int List(string? path, TextWriter? json)
    {
        ReproductionData? opened = Scale == ReproductionScale.Builtin || path is not null || Environment.GetEnvironmentVariable(ReproductionScales.VariableOf(Scale)!) is { Length: > 0 }
            ? host.Open(Scale, path)
            : null;
        ReproductionData data = opened ?? ReproductionData.Assumed(Scale);
        List<Listed> listed = [.. ExperimentCatalog.All.Select(experiment => Look(experiment, data))];
        Table table = Tables.New(["experiment", "the paper", "what it shows"], ["seeds", "runs", "minutes"]);
        foreach (Listed one in listed)
        {
            table.AddRow(
                one.Experiment.Name, one.Experiment.Place, Markup.Escape(one.Experiment.Shows), one.Experiment.Trains ? Invariant($"{one.Seeds}") : "", Runs(one), Minutes(one.Minutes));
        }

        Tables.ConsoleOn(people).Write(table);
        people.WriteLine(Invariant($"at --scale {ScaleName}{Needs(opened is not null)}; minutes of what is not there yet, from a few training steps measured just now on {context.Workers.Count} threads;"));
        people.WriteLine("experiments share runs, so all together take less than the sum. Run one with: rectify reproduce NAME");
        foreach (ExperimentResult found in listed.SelectMany(one => one.Found))
        {
            people.WriteLine(Invariant($"found before: {found.Name}{(found.Scale.Length > 0 ? $" at {found.Scale}" : "")} {Judgements.NameOf(found.Judgement)} ({found.Seeds} seeds; {ResultFiles.FolderOf(RunStore.DefaultRoot, found)})"));
        }

        if (json is not null)
        {
            WriteList(json, listed);
        }

        return CommandTree.Done;
    }

    /// <summary>Runs experiments one after another.</summary>
    public int Run(IReadOnlyList<Experiment> experiments, string? path, TextWriter? json)
    {
        ReproductionData data = experiments.Any(experiment => experiment.Trains) ? host.Open(Scale, path) : ReproductionData.OfBuiltin;
        Reproducer reproducer = new(_store, context, host);
        List<ExperimentResult> results = [];
        foreach (Experiment experiment in experiments)
        {
            Listed look = Look(experiment, data);
            CommandTree.Tell(people, Invariant($"{experiment.Name} ({experiment.Place}): {experiment.Shows}"));
            if (experiment.Trains)
            {
                CommandTree.Tell(people, Invariant($"{look.Missing.Count} of {look.Planned} runs to train at --scale {ScaleName}, about {Minutes(look.Minutes)} minutes on {context.Workers.Count} threads"));
            }

            ExperimentResult? result = reproducer.Run(
                experiment,
                Scale,
                data,
                look.Seeds,
                recipe => RunOrigin.Sign(recipe, arguments, context),
                found => found with { Command = $"rectify {string.Join(' ', arguments)}", Machine = RunOrigin.Machine });
            if (result is null)
            {
                CommandTree.Tell(people, $"Interrupted. The same command goes on: rectify {string.Join(' ', arguments)}");
                return CommandTree.Interrupted;
            }

            ExperimentPrinter.Print(people, result);
            people.WriteLine($"written to {ResultFiles.FolderOf(RunStore.DefaultRoot, result)}");
            results.Add(result);
        }

        if (json is not null)
        {
            JsonLine.Write(json, writer =>
            {
                writer.WriteStartArray("results");
                foreach (ExperimentResult result in results)
                {
                    ResultFiles.WriteTo(writer, result);
                }

                writer.WriteEndArray();
            });
        }

        return CommandTree.Done;
    }

    private static string Minutes(double minutes) => minutes < 0.05 ? "0" : minutes < 10 ? Invariant($"{minutes:F1}") : Invariant($"{minutes:N0}");

    private static string Runs(Listed one) => one.Planned == 0 ? "" : Invariant($"{one.Planned - one.Missing.Count}/{one.Planned}");

    private static void WriteList(TextWriter json, List<Listed> listed) => JsonLine.Write(json, writer =>
    {
        writer.WriteStartArray("experiments");
        foreach (Listed one in listed)
        {
            writer.WriteStartObject();
            writer.WriteString("name", one.Experiment.Name);
            writer.WriteString("place", one.Experiment.Place);
            writer.WriteString("shows", one.Experiment.Shows);
            writer.WriteNumber("seeds", one.Seeds);
            writer.WriteNumber("runs", one.Planned);
            writer.WriteNumber("runsMissing", one.Missing.Count);
            writer.WriteNumber("minutes", one.Minutes);
            writer.WriteStartArray("found");
            foreach (ExperimentResult found in one.Found)
            {
                ResultFiles.WriteTo(writer, found);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private string Needs(bool opened) => Scale == ReproductionScale.Builtin ? ", which needs no data"
        : opened ? "" : $", which needs data (--data PATH or {ReproductionScales.VariableOf(Scale)})";

    private Listed Look(Experiment experiment, ReproductionData data)
    {
        int seeds = Seeds ?? experiment.SeedsAt(Scale);
        IReadOnlyList<PlannedRun> runs = experiment.Runs(Scale, data, seeds);
        Recipe[] missing = [.. runs.Select(run => run.Recipe).Where(recipe => _store.ProgressOf(recipe) != RunProgress.Complete)];
        double minutes = (missing.Sum(recipe => _estimate.SecondsOf(recipe, data)) / 60.0) + (experiment.Trains ? 0.0 : experiment.OtherMinutes);
        return new Listed(experiment, seeds, runs.Count, missing, minutes, ResultFiles.Read(_store.Root, experiment.Name));
    }

    private sealed record Listed(
        Experiment Experiment, int Seeds, int Planned, IReadOnlyList<Recipe> Missing, double Minutes, IReadOnlyList<ExperimentResult> Found);
}
