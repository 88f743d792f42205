using System.Text.Json;
using Rectify.Data;
using Rectify.Data.Checking;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Prints what a check found, for people or machines.</summary>
internal static class CheckReportPrinter
{
    private const int FilesOfAKind = 10;
    private const int OthersOfAFile = 3;
    private const int ClassesShown = 50;

    /// <summary>A table of classes, then the findings by kind.</summary>
    public static void Print(TextWriter output, DatasetCheckReport report, IReadOnlyDictionary<string, string> words)
    {
        PrintClasses(output, report, words);
        string formats = string.Join(", ", report.Formats.Select(f => $"{Tables.Number(f.Value)} {f.Key}"));
        output.WriteLine(Invariant(
            $"{report.Images:N0} images, {report.Bytes / 1048576.0:N1} MB{(formats.Length > 0 ? ": " : "")}{formats}; {report.Grey:N0} grey; crop {report.Crop}"));
        if (report.Ignored.Count > 0)
        {
            output.WriteLine($"passed over: {string.Join(", ", report.Ignored.Select(i => $"{Tables.Number(i.Value)} {i.Key}"))}");
        }

        foreach (IGrouping<FindingKind, Finding> group in report.Findings.GroupBy(f => f.Kind))
        {
            string severity = FindingKinds.SeverityOf(group.Key) switch { FindingSeverity.Error => "ERROR", FindingSeverity.Warning => "warning", _ => "note" };
            output.WriteLine();
            output.WriteLine($"{severity}: {FindingKinds.TitleOf(group.Key)} ({Tables.Number(group.Count())}); {FindingKinds.RemedyOf(group.Key)}");
            foreach (Finding finding in group.Take(FilesOfAKind))
            {
                string others = string.Concat(finding.Others.Take(OthersOfAFile).Select(o => $"\n    also {o}"));
                string more = finding.Others.Count > OthersOfAFile ? $"\n    and {finding.Others.Count - OthersOfAFile} more" : "";
                output.WriteLine($"  {finding.File}: {finding.Detail}{others}{more}");
            }

            if (group.Count() > FilesOfAKind)
            {
                output.WriteLine($"  and {Tables.Number(group.Count() - FilesOfAKind)} more; --json names all");
            }
        }

        output.WriteLine();
        output.WriteLine(Summary(report));
    }

    /// <summary>One object on one line.</summary>
    public static void Json(TextWriter output, DatasetCheckReport report) => JsonLine.Write(output, j =>
    {
        j.WriteBoolean("sound", report.IsSound);
        j.WriteNumber("images", report.Images);
        j.WriteNumber("bytes", report.Bytes);
        j.WriteNumber("grey", report.Grey);
        j.WriteNumber("crop", report.Crop);
        j.WriteNumber("errors", Count(report, FindingSeverity.Error));
        j.WriteNumber("warnings", Count(report, FindingSeverity.Warning));
        j.WriteStartObject("parts");
        foreach ((DatasetPart part, string place) in report.Places)
        {
            j.WriteString(Camel(part), place);
        }

        j.WriteEndObject();
        WriteCounts(j, "formats", report.Formats);
        WriteCounts(j, "ignored", report.Ignored);
        j.WriteStartArray("classes");
        foreach (ClassCount c in report.Classes)
        {
            j.WriteStartObject();
            j.WriteString("name", c.Name);
            j.WriteNumber("training", c.Training);
            j.WriteNumber("validation", c.Validation);
            j.WriteNumber("test", c.Test);
            j.WriteEndObject();
        }

        j.WriteEndArray();
        j.WriteStartArray("findings");
        report.Findings.ToList().ForEach(f => Write(j, f));
        j.WriteEndArray();
    });

    private static void PrintClasses(TextWriter output, DatasetCheckReport report, IReadOnlyDictionary<string, string> words)
    {
        DatasetPart[] parts = [.. report.Places.Keys.Order()];
        Table table = Tables.New(["class"], [.. parts.Select(p => p == DatasetPart.Whole ? "images" : Camel(p))]);
        foreach (ClassCount c in report.Classes.Take(ClassesShown))
        {
            table.AddRow([Markup.Escape(ClassWords.Label(c.Name == c.Name.Trim() ? c.Name : $"\"{c.Name}\"", words)), .. parts.Select(p => Tables.Number(Of(c, p)))]);
        }

        if (report.Classes.Count > 1)
        {
            string all = report.Classes.Count > ClassesShown ? $"all {Tables.Number(report.Classes.Count)} classes" : "all";
            table.AddRow([all, .. parts.Select(p => Tables.Number(report.Classes.Sum(c => Of(c, p))))]);
        }

        foreach (DatasetPart part in parts)
        {
            output.WriteLine($"{(part == DatasetPart.Whole ? "data" : Camel(part))}: {report.Places[part]}");
        }

        Tables.ConsoleOn(output).Write(table);
    }

    private static int Of(ClassCount c, DatasetPart part) => part switch
    {
        DatasetPart.Validation => c.Validation,
        DatasetPart.Test => c.Test,
        _ => c.Training,
    };

    private static string Summary(DatasetCheckReport report)
    {
        int errors = Count(report, FindingSeverity.Error), warnings = Count(report, FindingSeverity.Warning);
        return report.IsSound
            ? Invariant($"sound: nothing does harm ({warnings:N0} {(warnings == 1 ? "warning" : "warnings")})")
            : Invariant($"not sound: {errors:N0} {(errors == 1 ? "error" : "errors")}, {warnings:N0} {(warnings == 1 ? "warning" : "warnings")}");
    }

    private static int Count(DatasetCheckReport report, FindingSeverity severity) => report.Findings.Count(f => f.Severity == severity);

    private static void Write(Utf8JsonWriter j, Finding finding)
    {
        j.WriteStartObject();
        j.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(finding.Kind.ToString()));
        j.WriteString("severity", JsonNamingPolicy.CamelCase.ConvertName(finding.Severity.ToString()));
        j.WriteString("file", finding.File);
        j.WriteString("detail", finding.Detail);
        j.WriteString("remedy", FindingKinds.RemedyOf(finding.Kind));
        j.WriteStartArray("others");
        foreach (string other in finding.Others)
        {
            j.WriteStringValue(other);
        }

        j.WriteEndArray();
        j.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter j, string name, IReadOnlyDictionary<string, int> counts)
    {
        j.WriteStartObject(name);
        foreach ((string key, int count) in counts)
        {
            j.WriteNumber(key, count);
        }

        j.WriteEndObject();
    }

    private static string Camel(DatasetPart part) => JsonNamingPolicy.CamelCase.ConvertName(part.ToString());
}
