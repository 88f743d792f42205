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
public sealed class Reproducer(RunStore store, KernelContext context, IReproductionHost host)
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
        IReadOnlyList<PlannedRun> runs = experiment.Runs(scale, data, seeds);
        for (int i = 0; i < runs.Count; i++)
        {
            if (!Train(runs[i], string.Create(CultureInfo.InvariantCulture, $"{experiment.Name}, run {i + 1} of {runs.Count}"), complete))
            {
                return null;
            }
        }

        long started = Stopwatch.GetTimestamp();
        List<RunOutcome> outcomes = [.. runs.Select(run => Outcome(run, experiment.CountsTestErrors))];
        ExperimentResult found = experiment.Conclude(new ExperimentInput(scale, seeds, outcomes, context, host));
        double seconds = outcomes.Sum(outcome => outcome.Curve.Seconds) + Stopwatch.GetElapsedTime(started).TotalSeconds;
        ExperimentResult result = describe(found with
        {
            Scale = experiment.Trains ? ReproductionScales.NameOf(scale) : "",
            Seeds = experiment.Trains ? seeds : 0,
            Setting = found.Setting.Length > 0 || runs.Count == 0 ? found.Setting : ScaleRecipes.Describe(runs[0].Recipe),
            Minutes = seconds / 60.0,
            Differences = experiment.Trains ? [.. ScaleDifferences.Of(scale, runs, experiment.CountsTestErrors), .. found.Differences] : found.Differences,
            Runs = [.. outcomes.Select(outcome => Path.GetRelativePath(store.Root, outcome.Folder.FullPath))],
        });
        ResultFiles.Write(store.Root, result);
        return result;
    }

    private bool Train(PlannedRun run, string place, Func<Recipe, Recipe> complete)
    {
        RunProgress progress = store.ProgressOf(run.Recipe);
        if (progress == RunProgress.Complete)
        {
            return true;
        }

        string begins = progress == RunProgress.Begun ? "goes on" : "begins";
        host.Tell(string.Create(CultureInfo.InvariantCulture, $"{place} {begins}: {run.Variant}, seed {run.Seed}"));
        return host.Train(complete(run.Recipe), store.PathOf(run.Recipe), progress == RunProgress.Begun);
    }

    private RunOutcome Outcome(PlannedRun run, bool countTestErrors)
    {
        RunFolder folder = RunFolder.Open(store.PathOf(run.Recipe));
        TestErrors? errors = countTestErrors ? TestErrors.Of(folder, Test(Recipe.Load(folder.RecipePath)), context) : null;
        return new RunOutcome(run, folder, RunCurve.Read(folder.LogPath), errors);
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
