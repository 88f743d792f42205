namespace Rectify.Evaluation;

/// <summary>The probabilities of a picture's views, added up in float64 in the order of the views.</summary>
/// <param name="picture">What to call the picture.</param>
/// <param name="classes">Classes.</param>
internal sealed class ScoreSum(string picture, int classes)
{
    private readonly double[] _sum = new double[classes];
    private int _views;
    private int _left;

    public string Picture => picture;

    /// <summary>Whether all views are in.</summary>
    public bool IsWhole => _views > 0 && _left == 0;

    /// <summary>Says how many views will come.</summary>
    public void Expect(int views) => (_views, _left) = (_views + views, _left + views);

    /// <summary>The next view's probabilities.</summary>
    public void Add(ReadOnlySpan<double> probabilities)
    {
        for (int k = 0; k < _sum.Length; k++)
        {
            _sum[k] += probabilities[k];
        }

        _left--;
    }

    /// <summary>The mean over the views.</summary>
    public float[] Mean() => [.. _sum.Select(sum => (float)(sum / _views))];
}
