using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>Figure 4: images that are classified as they should be.</summary>
internal sealed class Figure4 : EnsembleExperiment
{
    private const int MostClasses = 12;

    public override string Name => "figure-4";

    public override string Place => "Figure 4";

    public override string Shows => "images classified rightly, with the five first answers";

    private protected override ExperimentResult Conclude(IReadOnlyList<ScoreMember> members, ScoreTable together, int top) => new()
    {
        Name = Name,
        Place = Place,
        Claims = [],
        Pictures = [.. Enumerable.Range(0, together.Classes.Count).SelectMany(label => AnsweredPictures.Surest("right", together, label, top, right: true, 1)).Take(MostClasses)],
        Differences = ["The surest right answer of each class, of the first twelve classes that have one; the paper's images are chosen by hand."],
    };
}
