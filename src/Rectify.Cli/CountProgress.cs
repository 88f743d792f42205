using System.Diagnostics;
using System.Globalization;

namespace Rectify.Cli;

/// <summary>Says every few seconds how many of how many are done, how many a second, and how long the rest will take. Thread-safe.</summary>
internal sealed class CountProgress(TextWriter people, string what)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _shown = Stopwatch.GetTimestamp();

    public void Report(int done, int total)
    {
        lock (_gate)
        {
            if (Stopwatch.GetElapsedTime(_shown) >= Interval && done < total)
            {
                _shown = Stopwatch.GetTimestamp();
                CommandTree.Tell(people, string.Create(CultureInfo.InvariantCulture, $"{what} {done:N0}/{total:N0}{Pace(done, total)}"));
            }
        }
    }

    private string Pace(int done, int total)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        return done == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {done / elapsed.TotalSeconds:G3} a second, {TimeText.Of(elapsed * ((double)(total - done) / done))} left");
    }
}
