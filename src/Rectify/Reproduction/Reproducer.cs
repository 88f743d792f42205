using System.Diagnostics;
using System.Globalization;
using Rectify.Data;
using Rectify.Kernels;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>Runs experiments: trains what is not there yet, goes on with what was interrupted, and writes down what is found.</summary>
/// <param name="store">Where runs and results lie.</param>
/// <param name="context">Threads and vector width for what is not trained but measured.</param>
/// <param name="host">Trains and opens pictures.</param>
/// <param name="estimate">How long runs will take.</param>
public sealed class Reproducer(RunStore store, KernelContext context, IReproductionHost host, RunEstimate estimate)
{
    private readonly Dictionary<int, IDataset> _tests = [];

    /// <summary>Runs an experiment to its result, which is written as result.md and result.json.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="scale">The scale; it does not matter where nothing is trained.</param>
    /// <param name="data">Its pictures.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="complete">Adds to recipes what belongs to machine and version.</param>
    /// <param name="describe">Adds command and machine to the result.</param>
    /// <returns>The result, or null if training was interrupted.</returns>
    /// <exception cref="RectifyException">A run cannot be trained or read; the runs that are complete stay.</exception>
    public ExperimentResult? Run(
        Experiment experiment,
        ReproductionScale scale,
        ReproductionData data,
        int seeds,
        Func<Recipe, Recipe> complete,
        Func<ExperimentResult, ExperimentResult> describe)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(complete);
        ArgumentNullException.ThrowIfNull(describe);
        IReadOnlyList<PlannedRun> runs = experiment.RunsWith(context, scale, data, seeds);
        if (!Train(experiment.Name, runs, data, complete))
        {
            return null;
        }

        long started = Stopwatch.GetTimestamp();
        List<RunOutcome> outcomes = [.. runs.Select(run => Outcome(run, experiment.CountsTestErrors))];
        ExperimentResult found = experiment.Conclude(new ExperimentInput(scale, seeds, outcomes, context, host));
        double seconds = outcomes.Sum(outcome => outcome.History.Seconds) + Stopwatch.GetElapsedTime(started).TotalSeconds;
        ExperimentResult result = describe(found with
        {
            Scale = experiment.Trains ? ReproductionScales.NameOf(scale) : "",
            Seeds = experiment.Trains ? seeds : 0,
            Setting = found.Setting.Length > 0 || runs.Count == 0 ? found.Setting : ScaleRecipes.Describe(runs.Select(run => run.Recipe)),
            Minutes = seconds / 60.0,
            Differences = experiment.Trains ? [.. ScaleDifferences.Of(scale, runs, experiment.CountsTestErrors), .. found.Differences] : found.Differences,
            Runs = [.. outcomes.Select(outcome => Path.GetRelativePath(store.Root, outcome.Folder.FullPath))],
        });
        ResultFiles.Write(store.Root, result);
        return result;
    }

    // Trains what is not there; false if it was interrupted.
    private bool Train(string name, IReadOnlyList<PlannedRun> runs, ReproductionData data, Func<Recipe, Recipe> complete)
    {
        RunProgress[] progress = [.. runs.Select(run => store.ProgressOf(run.Recipe))];
        TimeLeft left = new(runs.Where((_, i) => progress[i] != RunProgress.Complete).Select(run => estimate.SecondsOf(run.Recipe, data)));
        for (int i = 0; i < runs.Count; i++)
        {
            if (progress[i] == RunProgress.Complete)
            {
                continue;
            }

            bool begun = progress[i] == RunProgress.Begun;
            host.Tell(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, run {i + 1} of {runs.Count} {(begun ? "goes on" : "begins")}: {runs[i].Variant}, seed {runs[i].Seed}; ")
                + string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(left.Seconds / 60):0} min left for all"));
            long began = Stopwatch.GetTimestamp();
            if (!host.Train(complete(runs[i].Recipe), store.PathOf(runs[i].Recipe), begun))
            {
                return false;
            }

            left.Finish(begun ? null : Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return true;
    }

    private RunOutcome Outcome(PlannedRun run, bool countTestErrors)
    {
        RunFolder folder = RunFolder.Open(store.PathOf(run.Recipe));
        TestErrors? errors = countTestErrors ? TestErrors.Of(folder, Test(Recipe.Load(folder.RecipePath)), context) : null;
        return new RunOutcome(run, folder, RunHistory.Read(folder.LogPath), errors);
    }

    private IDataset Test(Recipe recipe)
    {
        if (!_tests.TryGetValue(recipe.Size, out IDataset? images))
        {
            images = _tests[recipe.Size] = host.OpenTest(recipe);
        }

        return images;
    }
}
