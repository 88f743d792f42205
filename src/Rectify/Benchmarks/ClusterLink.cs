namespace Rectify.Benchmarks;

/// <summary>What connects machines, and how they use it.</summary>
/// <param name="GigabitsPerSecond">10⁹ bits a second that each machine sends and receives at a time.</param>
/// <param name="LatencySeconds">What a message takes, whatever its size.</param>
/// <param name="SumGigabytesPerSecond">10⁹ bytes of numbers that a machine adds to others a second.</param>
public sealed record ClusterLink(double GigabitsPerSecond, double LatencySeconds, double SumGigabytesPerSecond)
{
    /// <summary>Whether sums are made by one machine, which takes all in and sends the result out to each, instead of by all in parts.</summary>
    public bool IsStar { get; init; }

    /// <summary>Whether sums go on while the layers before are computed.</summary>
    public bool Overlaps { get; init; } = true;

    private double BytesPerSecond => 1e9 / 8 * GigabitsPerSecond;

    /// <summary>Bytes that a machine takes in (of a star, the one in the middle) to sum so many.</summary>
    internal double SumBytes(double bytes, int nodes) => IsStar ? (nodes - 1) * bytes : 2.0 * (nodes - 1) / nodes * bytes;

    /// <summary>Seconds to sum so many bytes over machines: both ways of a star; halves, quarters and so on of all, twice.</summary>
    internal double SumSeconds(double bytes, int nodes) => nodes == 1 || bytes == 0
        ? 0.0
        : ((IsStar ? 2.0 : 1.0) * SumBytes(bytes, nodes) / BytesPerSecond)
            + ((IsStar ? nodes - 1 : (double)(nodes - 1) / nodes) * bytes / (1e9 * SumGigabytesPerSecond))
            + (2 * Rounds(nodes) * LatencySeconds);

    /// <summary>Seconds until each of the machines, or one, has so many bytes together, of which each has its share.</summary>
    internal double GatherSeconds(double bytes, int nodes) => nodes == 1 || bytes == 0
        ? 0.0
        : (GatherBytes(bytes, nodes) / BytesPerSecond) + (Rounds(nodes) * LatencySeconds);

    /// <summary>Bytes that a machine takes in to have so many together.</summary>
    internal static double GatherBytes(double bytes, int nodes) => (double)(nodes - 1) / nodes * bytes;

    private static double Rounds(int nodes) => Math.Ceiling(Math.Log2(nodes));
}
