namespace Rectify.Reproduction;

/// <summary>How long a row of works will still take: what was expected of them, corrected by how long those that are done took.</summary>
/// <param name="expected">Seconds expected of each.</param>
internal sealed class TimeLeft(IEnumerable<double> expected)
{
    private readonly Queue<double> _ahead = new(expected);
    private double _expected;
    private double _taken;

    /// <summary>Seconds that those ahead will take.</summary>
    public double Seconds => _ahead.Sum() * (_expected > 0 ? _taken / _expected : 1);

    /// <summary>The next one is done.</summary>
    /// <param name="seconds">What it took from begin to end; null if only a part of it was done now.</param>
    public void Finish(double? seconds)
    {
        double expected = _ahead.Dequeue();
        if (seconds is { } taken)
        {
            _expected += expected;
            _taken += taken;
        }
    }
}
