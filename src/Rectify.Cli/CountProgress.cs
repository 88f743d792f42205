using System.Diagnostics;
using System.Globalization;

namespace Rectify.Cli;

/// <summary>Says every few seconds how many of how many are done. Thread-safe.</summary>
internal sealed class CountProgress(TextWriter people, string what)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long _shown = Stopwatch.GetTimestamp();

    public void Report(int done, int total)
    {
        lock (_gate)
        {
            if (Stopwatch.GetElapsedTime(_shown) >= Interval && done < total)
            {
                _shown = Stopwatch.GetTimestamp();
                people.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {done:N0}/{total:N0}"));
            }
        }
    }
}
