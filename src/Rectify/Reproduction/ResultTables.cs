using System.Globalization;

namespace Rectify.Reproduction;

/// <summary>All of a result that can be written as tables: its tables, what is drawn as bars, the answers to pictures.</summary>
public static class ResultTables
{
    /// <summary>The tables, in the order in which they are read.</summary>
    public static IEnumerable<ResultTable> Of(ExperimentResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Tables, .. result.Bars.Select(Of), .. result.Pictures.GroupBy(picture => picture.Group).Select(group => Of(group.Key, group))];
    }

    private static ResultTable Of(ResultBars bars) => new(
        bars.Title, ["", bars.Quantity], [.. bars.Names.Zip(bars.Values, (name, value) => (IReadOnlyList<string>)[name, value.ToString("F2", CultureInfo.InvariantCulture)])]);

    private static ResultTable Of(string group, IEnumerable<ResultPicture> pictures) => new(
        $"Pictures: {group}",
        ["picture", "its class", "answers"],
        [.. pictures.Select(picture => (IReadOnlyList<string>)[picture.Name, picture.Label, string.Join(", ", picture.Answers.Select(Write))])]);

    private static string Write(ResultAnswer answer) => string.Create(CultureInfo.InvariantCulture, $"{answer.Class} {100 * answer.Probability:F0} %");
}
