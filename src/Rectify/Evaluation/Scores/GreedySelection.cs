namespace Rectify.Evaluation;

/// <summary>Fewer, stronger models: members of an ensemble added one by one, each time the one with which the errors are fewest.</summary>
/// <remarks>
/// The paper conjectures that fewer stronger models would do better than its six (section 4, "Comparisons of Multi-model Results"); this looks. Of the same number of errors the
/// lower loss is better, then the member that comes first. Each member enters once, with weight 1. The errors on the images by which one chooses are optimistic:
/// of many sets the best is the best partly by chance. Choose on other images than those whose errors are reported.
/// </remarks>
public static class GreedySelection
{
    /// <summary>All steps until every member is in.</summary>
    /// <param name="combination">The members, and the images by which they are chosen; its weights do not matter.</param>
    /// <param name="top">1 or 5: which errors count.</param>
    public static IReadOnlyList<SelectionStep> Run(ScoreCombination combination, int top)
    {
        ArgumentNullException.ThrowIfNull(combination);
        ScoreCombination plain = new(combination.Members);
        List<SelectionStep> steps = [];
        List<int> rest = [.. Enumerable.Range(0, plain.Members.Count)];
        while (rest.Count > 0)
        {
            SelectionStep best = rest.Select(member => new SelectionStep(member, plain.Count([.. steps.Select(step => step.Member), member])))
                .OrderBy(step => step.Errors.Errors(top)).ThenBy(step => step.Errors.MeanLoss).ThenBy(step => step.Member).First();
            steps.Add(best);
            _ = rest.Remove(best.Member);
        }

        return steps;
    }

    /// <summary>How many steps to take: those with the fewest errors, and of these the fewest steps.</summary>
    /// <param name="steps">Of <see cref="Run"/>.</param>
    /// <param name="top">1 or 5: which errors count.</param>
    public static int Best(IReadOnlyList<SelectionStep> steps, int top)
    {
        ArgumentNullException.ThrowIfNull(steps);
        int fewest = steps.Min(step => step.Errors.Errors(top));
        return 1 + steps.TakeWhile(step => step.Errors.Errors(top) > fewest).Count();
    }
}
