using System.Globalization;

namespace Rectify.Reports;

/// <summary>Numbers for people, the same in the page and in the terminal.</summary>
internal static class Numbers
{
    /// <summary>"12.34 %"; a dash for none.</summary>
    public static string Percent(double? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:F2} %") : "–";

    /// <summary>With commas.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>With so many decimals; a dash for none.</summary>
    public static string Decimals(double? value, int decimals) => value?.ToString($"F{decimals}", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>Few digits, whatever the size.</summary>
    public static string Short(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>"1 epoch", "3 epochs".</summary>
    public static string Of(long count, string one) => count == 1 ? $"1 {one}" : $"{Count(count)} {one}s";

    /// <summary>"12 s", "3 min", "1 h 2 min".</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)} h {(int)(seconds / 60) % 60} min"),
    };
}
