using Rectify.Data;

namespace Rectify.Evaluation;

/// <summary>Errors counted as scores come in, and the scores themselves where they are to be kept.</summary>
internal sealed class ScoreTally
{
    private readonly IDataset _data;
    private readonly ErrorCounter _errors = new();

    /// <summary>Nothing counted yet.</summary>
    /// <param name="data">The images.</param>
    /// <param name="origin">Where kept scores come from; null where none are kept.</param>
    public ScoreTally(IDataset data, ScoreOrigin? origin)
    {
        _data = data;
        Scores = origin is null ? null : new ScoreTable(
            origin, data.Classes, [.. Enumerable.Range(0, data.Count).Select(data.Name)], [.. Enumerable.Range(0, data.Count).Select(data.Label)]);
    }

    public ErrorCounts Errors => _errors.Counts;

    public ScoreTable? Scores { get; }

    public void Add(int image, ReadOnlySpan<float> scores)
    {
        _errors.Add(scores, _data.Label(image));
        Scores?.Set(image, scores);
    }

    public void AddUnreadable() => _errors.AddUnreadable();
}
