using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Stretches of time for people.</summary>
internal static class TimeText
{
    /// <summary>"1:05" for minutes and seconds, "2:01:05" with hours.</summary>
    public static string Of(TimeSpan time) => time.TotalHours >= 1
        ? Invariant($"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : Invariant($"{time.Minutes}:{time.Seconds:00}");

    /// <summary>An estimate: "0", "1.5 min", "44 min", "2.4 h", "98 days".</summary>
    public static string About(double minutes) => minutes switch
    {
        < 0.05 => "0",
        < 10 => Invariant($"{minutes:F1} min"),
        < 120 => Invariant($"{minutes:F0} min"),
        < 48 * 60 => Invariant($"{minutes / 60:F1} h"),
        _ => Invariant($"{minutes / (24 * 60):N0} days"),
    };
}
