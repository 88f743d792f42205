using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Stretches of time for people.</summary>
internal static class TimeText
{
    /// <summary>"1:05" for minutes and seconds, "2:01:05" with hours.</summary>
    public static string Of(TimeSpan time) => time.TotalHours >= 1
        ? Invariant($"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : Invariant($"{time.Minutes}:{time.Seconds:00}");
}
