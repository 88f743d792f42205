using System.Text.Json;
using Rectify.Evaluation;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Error rates with their intervals, for people and machines.</summary>
internal static class ErrorText
{
    /// <summary>What a person reaches on these classes; null where that is not known.</summary>
    public static string? Human(IReadOnlyList<string> classes) => HumanError.Applies(classes)
        ? Invariant($"a trained person's top-5 error on ImageNet: {HumanError.Top5Percent:F1} % (Russakovsky et al., 1,500 test images)")
        : null;

    /// <summary>"24.02 % (23.65–24.40)": the rate, and where it lies at 95 %.</summary>
    public static string Rate(ErrorCounts counts, int top)
    {
        WilsonInterval interval = counts.Interval(top);
        return Invariant($"{counts.ErrorPercent(top):F2} % ({interval.Lower:F2}–{interval.Upper:F2})");
    }

    /// <summary>"24.02 %".</summary>
    public static string Percent(double percent) => Invariant($"{percent:F2} %");

    /// <summary>The properties of counts, inside an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, ErrorCounts counts)
    {
        json.WriteNumber("images", counts.Images);
        json.WriteNumber("unreadable", counts.Unreadable);
        WriteRates(json, counts);
    }

    /// <summary>Rates and intervals alone.</summary>
    public static void WriteRates(Utf8JsonWriter json, ErrorCounts counts)
    {
        foreach (int top in (int[])[1, 5])
        {
            WilsonInterval interval = counts.Interval(top);
            json.WriteNumber(Invariant($"top{top}Error"), counts.ErrorPercent(top));
            json.WriteStartArray(Invariant($"top{top}Interval"));
            json.WriteNumberValue(interval.Lower);
            json.WriteNumberValue(interval.Upper);
            json.WriteEndArray();
        }
    }

    /// <summary>The properties of counts as an object.</summary>
    public static void Write(Utf8JsonWriter json, string name, ErrorCounts counts)
    {
        json.WriteStartObject(name);
        Write(json, counts);
        json.WriteEndObject();
    }
}
