namespace Rectify.Reports;

/// <summary>What a report is about: a run, and perhaps another beside it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Against">The other; null for none.</param>
/// <param name="RecipeText">The run's recipe.json, as it is.</param>
public sealed record ReportFacts(RunFacts Run, RunFacts? Against, string RecipeText)
{
    /// <summary>One or both.</summary>
    public IReadOnlyList<RunFacts> Runs => Against is null ? [Run] : [Run, Against];
}
