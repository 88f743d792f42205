namespace Rectify.Evaluation;

/// <summary>Two networks class by class (the paper's Figure 7: the second has lower top-5 errors in 824 classes, the same in 127, higher in 49).</summary>
/// <param name="Top">1 or 5: which errors count.</param>
/// <param name="Classes">Classes that have images, by <see cref="ClassChange.Reduction"/>, lowest first as in Figure 7; of the same in the order of the classes.</param>
public sealed record ClassComparison(int Top, IReadOnlyList<ClassChange> Classes)
{
    /// <summary>Classes in which the second network makes fewer errors than the first.</summary>
    public int Improved => Classes.Count(each => each.SecondErrors < each.FirstErrors);

    /// <summary>Classes in which both make as many errors.</summary>
    public int Unchanged => Classes.Count(each => each.SecondErrors == each.FirstErrors);

    /// <summary>Classes in which the second network makes more errors than the first.</summary>
    public int Worse => Classes.Count(each => each.SecondErrors > each.FirstErrors);

    /// <summary>Compares two tables.</summary>
    /// <param name="first">Scores.</param>
    /// <param name="second">Scores of the same images.</param>
    /// <param name="top">1 or 5: which errors count.</param>
    /// <exception cref="Tensors.RectifyException">Images, labels or classes of the two differ.</exception>
    public static ClassComparison Of(ScoreTable first, ScoreTable second, int top)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        second = ScoreAlignment.To(new ScoreMember(first.Origin.Model, first), new ScoreMember(second.Origin.Model, second));
        IEnumerable<ClassChange> changes = ClassErrors.Of(first).Zip(ClassErrors.Of(second), (a, b) => new ClassChange(a.Class, a.Name, a.Images, a.Errors(top), b.Errors(top)));
        return new ClassComparison(top, [.. changes.Where(each => each.Images > 0).OrderBy(each => each.Reduction).ThenBy(each => each.Class)]);
    }
}
