namespace Rectify.Benchmarks;

/// <summary>A step on several machines as it goes: what is computed, and what travels meanwhile, one thing after another.</summary>
internal sealed class ClusterTimeline(ClusterLink link, int nodes)
{
    private double _now;
    private double _linkFree;
    private double _waited;
    private double _bytes;

    public void Compute(double seconds) => _now += seconds;

    /// <summary>A sum over all machines sets out.</summary>
    public void Sum(double bytes) => Travel(link.SumSeconds(bytes, nodes), nodes > 1 ? link.SumBytes(bytes, nodes) : 0.0);

    /// <summary>What all machines have sets out to those that want it together.</summary>
    public void Gather(double bytes) => Travel(link.GatherSeconds(bytes, nodes), ClusterLink.GatherBytes(bytes, nodes));

    /// <summary>What one machine has sets out to the others, a share each: it takes nothing in.</summary>
    public void Scatter(double bytes) => Travel(link.GatherSeconds(bytes, nodes), 0.0);

    /// <summary>Waits for all that has set out.</summary>
    public void Wait()
    {
        _waited += Math.Max(0.0, _linkFree - _now);
        _now = Math.Max(_now, _linkFree);
    }

    public ClusterPoint End() => new(nodes, _now - _waited, _waited, _bytes);

    private void Travel(double seconds, double bytes)
    {
        _linkFree = Math.Max(_linkFree, _now) + seconds;
        _bytes += bytes;
        if (!link.Overlaps)
        {
            Wait();
        }
    }
}
