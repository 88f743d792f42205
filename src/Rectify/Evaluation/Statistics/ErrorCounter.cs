namespace Rectify.Evaluation;

/// <summary>Counts errors image by image.</summary>
internal sealed class ErrorCounter
{
    private const int TopFive = 5;
    private const double LeastShare = 1e-12;

    private int _images;
    private int _top1;
    private int _top5;
    private int _unreadable;
    private double _loss;

    public ErrorCounts Counts => new(_images, _top1, _top5, _images > _unreadable ? _loss / (_images - _unreadable) : double.NaN, _unreadable);

    /// <summary>An image with its scores.</summary>
    public void Add(ReadOnlySpan<float> scores, int label)
    {
        double sum = 0;
        foreach (float score in scores)
        {
            sum += score;
        }

        Add(TopK.Rank(scores, label));
        _loss -= Math.Log(sum > 0 ? Math.Max(scores[label] / sum, LeastShare) : LeastShare);
    }

    /// <summary>An image whose class has a place among the answers, 0 the first.</summary>
    public void Add(int place)
    {
        _images++;
        _top1 += place >= 1 ? 1 : 0;
        _top5 += place >= TopFive ? 1 : 0;
    }

    /// <summary>An image that could not be read.</summary>
    public void AddUnreadable()
    {
        _images++;
        _top1++;
        _top5++;
        _unreadable++;
    }
}
