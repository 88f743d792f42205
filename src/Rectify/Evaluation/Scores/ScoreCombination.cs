using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Several networks as one: the mean of their scores (the paper's section 4, "Comparisons of Multi-model Results": six models).</summary>
/// <remarks>
/// Σ wₘ sₘ / Σ wₘ, summed in float64 in the order of the members and rounded to float32 once; so a table combined with itself gives its own bits. An image that
/// a member could not read has no scores. Members may differ in the order of their classes: they go by name.
/// </remarks>
public sealed class ScoreCombination
{
    private readonly ScoreMember[] _members;
    private readonly double[] _weights;

    /// <summary>A combination.</summary>
    /// <param name="members">At least two, of the same images and classes; the first one's order of classes counts.</param>
    /// <param name="weights">A weight for each; null for equal ones. Their scale does not matter.</param>
    /// <exception cref="UsageException">There are fewer than two members, or weights that are no positive numbers or not one for each.</exception>
    /// <exception cref="RectifyException">Images, labels or classes of two members differ; the message names both.</exception>
    public ScoreCombination(IReadOnlyList<ScoreMember> members, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        UsageException.Require(members.Count >= 2, $"There is {members.Count} file of scores: combining takes at least two.");
        UsageException.Require(
            weights is null || weights.Count == members.Count, $"There are {weights?.Count ?? 0} weights for {members.Count} files of scores: write one for each, in their order.");
        _weights = weights is null ? [.. members.Select(_ => 1.0)] : [.. weights];
        foreach (double weight in _weights)
        {
            UsageException.Require(weight is > 0 and < 1e6, $"The weight {weight} is no number above 0 and below a million; leave out what is to count for nothing.");
        }

        _members = [.. members.Select(member => member with { Table = ScoreAlignment.To(members[0], member) })];
    }

    /// <summary>The members, their classes in the same order.</summary>
    public IReadOnlyList<ScoreMember> Members => _members;

    /// <summary>The mean as a table.</summary>
    public ScoreTable Table() => new ScoreMean(_members.Select(member => member.Table), _weights).Table(
        CombinedOrigin.Of([.. _members.Select(member => member.Table.Origin)], _weights));

    /// <summary>For each member its own errors and those of the others without it, by the same weights.</summary>
    public IReadOnlyList<LeftOut> LeaveOneOut() => [.. Enumerable.Range(0, _members.Length).Select(m =>
        new LeftOut(_members[m].Name, ErrorCounts.Of(_members[m].Table), Count([.. Enumerable.Range(0, _members.Length).Where(other => other != m)])))];

    /// <summary>The errors of some of the members together.</summary>
    /// <param name="members">Their places, at least one; the sum's order is that of the members, whatever the order here.</param>
    public ErrorCounts Count(IReadOnlyCollection<int> members)
    {
        int[] places = [.. members.Order()];
        return new ScoreMean(places.Select(m => _members[m].Table), places.Select(m => _weights[m])).Count();
    }

    /// <summary>Pairs of members whose scores are those of the same weights by the same view, so that they count twice.</summary>
    public IReadOnlyList<(ScoreMember First, ScoreMember Again)> Repeated()
    {
        static string KeyOf(ScoreMember member)
        {
            ScoreOrigin origin = member.Table.Origin;
            return string.Create(CultureInfo.InvariantCulture, $"{origin.ModelFingerprint}\n{origin.View}\n{string.Join(',', origin.Scales)}");
        }

        IEnumerable<IGrouping<string, ScoreMember>> groups = _members.Where(member => member.Table.Origin.ModelFingerprint.Length > 0).GroupBy(KeyOf);
        return [.. groups.SelectMany(group => group.Skip(1).Select(again => (group.First(), again)))];
    }
}
