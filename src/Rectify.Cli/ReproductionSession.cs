using Rectify.Kernels;
using Rectify.Reproduction;
using Rectify.Tensors;
using Rectify.Training;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Lists experiments and runs them, for rectify reproduce.</summary>
internal sealed class ReproductionSession(KernelContext context, ReproductionHost host, TextWriter people, string[] arguments)
{
    private readonly RunEstimate _estimate = new(context);

    public required ReproductionScale Scale { get; init; }

    public required int? Seeds { get; init; }

    /// <summary>Where runs and results lie.</summary>
    public string Root { get; init; } = RunStore.DefaultRoot;

    private string ScaleName => ReproductionScales.NameOf(Scale);

    private RunStore Store => new(Root);

    /// <summary>What there is, how long it takes, what was found.</summary>
    public int List(string? path, TextWriter? json)
    {
        bool named = path is not null || Scale == ReproductionScale.Builtin || Environment.GetEnvironmentVariable(ReproductionScales.VariableOf(Scale)!) is { Length: > 0 };
        ReproductionData? opened = named
            ? host.Open(Scale, path)
            : null;
        ReproductionData data = opened ?? ReproductionData.Assumed(Scale);
        List<Listed> listed = [.. ExperimentCatalog.All.Select(experiment => Look(experiment, data))];
        Table table = Tables.New(["experiment", "the paper", "what it shows"], ["seeds", "runs", "time"]);

        // Names are to be read whole, sentences may go on in the next line.
        table.Columns[2].NoWrap = false;
        foreach (Listed one in listed)
        {
            table.AddRow(
                one.Experiment.Name,
                one.Experiment.Place,
                Markup.Escape(one.Experiment.Shows),
                one.Experiment.Trains ? Invariant($"{one.Seeds}") : "",
                Runs(one),
                TimeText.About(one.Minutes));
        }

        Tables.ConsoleOn(people).Write(table);
        people.WriteLine(Invariant($"at --scale {ScaleName}{Needs(opened is not null)}; time for what is not there yet, ")
            + Invariant($"from a few training steps measured just now on {context.Workers.Count} threads;"));
        people.WriteLine("experiments share runs, so all together take less than the sum. Run one with: rectify reproduce NAME");
        foreach (ExperimentResult found in listed.SelectMany(one => one.Found))
        {
            string scale = found.Scale.Length > 0 ? $" at {found.Scale}" : "", seeds = found.Seeds > 0 ? Invariant($"{found.Seeds} seeds; ") : "";
            people.WriteLine($"found before: {found.Name}{scale} {Judgements.NameOf(found.Judgement)} ({seeds}{ResultFiles.FolderOf(Root, found)})");
        }

        if (json is not null)
        {
            WriteList(json, listed);
        }

        return CommandTree.Done;
    }

    /// <summary>Runs experiments one after another. Of several, one whose data is not named is left out and one that fails is passed over, and both are told.</summary>
    public int Run(IReadOnlyList<Experiment> experiments, string? path, TextWriter? json)
    {
        bool several = experiments.Count > 1;
        (ReproductionData data, string? missing) = Open(experiments, path, several);
        Reproducer reproducer = new(Store, context, host, _estimate);
        List<ExperimentResult> results = [];
        List<(string Name, string Why)> leftOut = [];
        List<(string Name, string Why)> failed = [];
        foreach (Experiment experiment in experiments)
        {
            if (experiment.Trains && missing is not null)
            {
                leftOut.Add((experiment.Name, missing));
                continue;
            }

            try
            {
                if (Run(experiment, data, reproducer) is not { } result)
                {
                    CommandTree.Tell(people, $"Interrupted. The same command goes on: rectify {string.Join(' ', arguments)}");
                    return CommandTree.Interrupted;
                }

                results.Add(result);
            }
            catch (Exception e) when (several && (e is RectifyException or IOException or UnauthorizedAccessException))
            {
                failed.Add((experiment.Name, e.Message));
                CommandTree.Tell(people, $"{experiment.Name} failed: {e.Message}");
            }
        }

        foreach ((string name, string why) in leftOut)
        {
            CommandTree.Tell(people, $"left out: {name}; {why}");
        }

        foreach ((string name, string why) in failed)
        {
            CommandTree.Tell(people, $"failed: {name}; {why}");
        }

        if (json is not null)
        {
            WriteResults(json, results, leftOut, failed);
        }

        return failed.Count > 0 ? CommandTree.Failed : CommandTree.Done;
    }

    private static void WriteResults(
        TextWriter json, List<ExperimentResult> results, List<(string Name, string Why)> leftOut, List<(string Name, string Why)> failed) => JsonLine.Write(json, writer =>
    {
        writer.WriteStartArray("results");
        foreach (ExperimentResult result in results)
        {
            ResultFiles.WriteTo(writer, result);
        }

        writer.WriteEndArray();
        foreach ((string what, List<(string Name, string Why)> without) in new[] { ("leftOut", leftOut), ("failed", failed) })
        {
            writer.WriteStartArray(what);
            foreach ((string name, string why) in without)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteString("why", why);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    });

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

    // The scale's pictures, or why there are none. A folder that was named must be there; what only the environment names need not.
    private (ReproductionData Data, string? Missing) Open(IReadOnlyList<Experiment> experiments, string? path, bool several)
    {
        if (!experiments.Any(experiment => experiment.Trains))
        {
            return (ReproductionData.OfBuiltin, null);
        }

        try
        {
            return (host.Open(Scale, path), null);
        }
        catch (RectifyException e) when (several && path is null)
        {
            return (ReproductionData.Assumed(Scale), e.Message);
        }
    }

    private ExperimentResult? Run(Experiment experiment, ReproductionData data, Reproducer reproducer)
    {
        Listed look = Look(experiment, data);
        CommandTree.Tell(people, Invariant($"{experiment.Name} ({experiment.Place}): {experiment.Shows}"));
        CommandTree.Tell(people, experiment.Trains
            ? Invariant($"{look.Missing.Count} of {look.Planned} runs to train at --scale {ScaleName}, about {TimeText.About(look.Minutes)} on {context.Workers.Count} threads")
            : Invariant($"nothing to train; about {TimeText.About(look.Minutes)}"));
        ExperimentResult? result = reproducer.Run(
            experiment,
            Scale,
            data,
            look.Seeds,
            recipe => RunOrigin.Sign(recipe, arguments, context),
            found => found with { Command = $"rectify {string.Join(' ', arguments)}", Machine = RunOrigin.Machine });
        if (result is not null)
        {
            ExperimentPrinter.Print(people, result);
            host.WritePage(Root, result);
            people.WriteLine($"written to {ResultFiles.FolderOf(Root, result)}");
        }

        return result;
    }

    private Listed Look(Experiment experiment, ReproductionData data)
    {
        int seeds = Seeds ?? experiment.SeedsAt(Scale);
        IReadOnlyList<PlannedRun> runs = experiment.RunsWith(context, Scale, data, seeds);
        Recipe[] missing = [.. runs.Select(run => run.Recipe).Where(recipe => Store.ProgressOf(recipe) != RunProgress.Complete)];
        double minutes = (missing.Sum(recipe => _estimate.SecondsOf(recipe, data)) / 60.0) + experiment.MinutesAt(Scale);
        return new Listed(experiment, seeds, runs.Count, missing, minutes, ResultFiles.Read(Store.Root, experiment.Name));
    }

    private sealed record Listed(
        Experiment Experiment, int Seeds, int Planned, IReadOnlyList<Recipe> Missing, double Minutes, IReadOnlyList<ExperimentResult> Found);
}
