using Rectify.Evaluation;

namespace Rectify.Cli;

/// <summary>What rectify combine found.</summary>
/// <param name="All">All members.</param>
/// <param name="Together">Their errors together.</param>
/// <param name="Top">1 or 5: by which errors some are chosen.</param>
internal sealed record CombinedScores(ScoreCombination All, ErrorCounts Together, int Top)
{
    /// <summary>What each member is worth; empty where nobody asked.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>The steps of the choice, each with the errors on the reported images; empty where nothing was chosen.</summary>
    public IReadOnlyList<(SelectionStep Step, ErrorCounts Reported)> Steps { get; init; } = [];

    /// <summary>The places of the chosen members; empty where nothing was chosen.</summary>
    public IReadOnlyList<int> Chosen { get; init; } = [];

    /// <summary>Whether they were chosen on other images than those reported.</summary>
    public bool ChosenOnOthers { get; init; }

    /// <summary>The errors of the chosen members on the reported images.</summary>
    public ErrorCounts ChosenErrors => Steps[Chosen.Count - 1].Reported;
}
