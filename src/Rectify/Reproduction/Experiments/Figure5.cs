using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>Figure 5: images of the three hardest classes that are classified wrongly.</summary>
internal sealed class Figure5 : EnsembleExperiment
{
    private const int Classes = 3;
    private const int OfEach = 5;

    public override string Name => "figure-5";

    public override string Place => "Figure 5";

    public override string Shows => "images classified wrongly, of the three classes with the highest error (49, 38 and 36 %)";

    private protected override ExperimentResult Conclude(IReadOnlyList<ScoreMember> members, ScoreTable together, int top)
    {
        IEnumerable<ClassErrors> hardest = ClassErrors.Ascending(ClassErrors.Of(together), top).Reverse().Take(Classes);
        return new ExperimentResult
        {
            Name = Name,
            Place = Place,
            Claims = [],
            Pictures =
            [
                .. hardest.SelectMany(each => AnsweredPictures.Surest(
                    FormattableString.Invariant($"{each.Name}: {each.ErrorPercent(top):F0} % top-{top} error"), together, each.Class, top, right: false, OfEach)),
            ],
            Differences = ["The surest of the wrong answers of each class; the paper's images are chosen by hand."],
        };
    }
}
