using System.Text.Json;
using Rectify.Data;
using Rectify.Evaluation;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Errors class by class, as the paper's Figure 6: ascending, and what the worst three are taken for.</summary>
internal static class ClassErrorPrinter
{
    private const int WorstClasses = 3;
    private const int MistakesShown = 5;

    /// <summary>For people.</summary>
    /// <param name="people">Where.</param>
    /// <param name="table">The scores.</param>
    /// <param name="top">1 or 5: which errors give the order.</param>
    /// <param name="words">What classes are called by people.</param>
    public static void Print(TextWriter people, ScoreTable table, int top, IReadOnlyDictionary<string, string> words)
    {
        IReadOnlyList<ClassErrors> classes = ClassErrors.Ascending(ClassErrors.Of(table), top);
        Table rows = Tables.New(["class"], ["images", "top-1 errors", "", "top-5 errors", ""]);
        foreach (ClassErrors each in classes)
        {
            rows.AddRow(
                Markup.Escape(ClassWords.Label(each.Name, words)),
                Tables.Number(each.Images),
                Tables.Number(each.Top1Errors),
                ErrorText.Percent(each.ErrorPercent(1)),
                Tables.Number(each.Top5Errors),
                ErrorText.Percent(each.ErrorPercent(5)));
        }

        Tables.ConsoleOn(people).Write(rows);
        int without = table.Classes.Count - classes.Count;
        people.WriteLine(Invariant($"{classes.Count(each => each.Errors(top) == 0):N0} of {classes.Count:N0} classes have no top-{top} error")
            + (without > 0 ? Invariant($"; {without:N0} more have no images") : ""));
        ConfusionMatrix confusions = ConfusionMatrix.Of(table);
        foreach (ClassErrors worst in classes.Reverse().Take(WorstClasses).Where(each => each.Top1Errors > 0))
        {
            IReadOnlyList<(int Answer, int Images)> mistakes = confusions.Mistakes(worst.Class);
            IEnumerable<string> shown = mistakes.Take(MistakesShown).Select(each => Invariant($"{ClassWords.Label(table.Classes[each.Answer], words)} ({each.Images:N0})"));
            int unreadable = confusions.Unreadable(worst.Class);
            people.WriteLine(
                Invariant($"{ClassWords.Label(worst.Name, words)}: {worst.ErrorPercent(top):F2} % top-{top} error")
                + (mistakes.Count > 0 ? $"; taken for {string.Join(", ", shown)}{(mistakes.Count > MistakesShown ? ", …" : "")}" : "")
                + (unreadable > 0 ? Invariant($"; {unreadable:N0} could not be read") : ""));
        }
    }

    /// <summary>For machines: the array "classErrors", in the same order, inside an object that is open; with the mistakes of every class.</summary>
    /// <param name="json">Where.</param>
    /// <param name="table">The scores.</param>
    /// <param name="top">1 or 5: which errors give the order.</param>
    public static void Write(Utf8JsonWriter json, ScoreTable table, int top)
    {
        ConfusionMatrix confusions = ConfusionMatrix.Of(table);
        json.WriteStartArray("classErrors");
        foreach (ClassErrors each in ClassErrors.Ascending(ClassErrors.Of(table), top))
        {
            json.WriteStartObject();
            json.WriteString("class", each.Name);
            json.WriteNumber("images", each.Images);
            json.WriteNumber("top1Errors", each.Top1Errors);
            json.WriteNumber("top5Errors", each.Top5Errors);
            json.WriteStartObject("takenFor");
            foreach ((int answer, int images) in confusions.Mistakes(each.Class))
            {
                json.WriteNumber(table.Classes[answer], images);
            }

            json.WriteEndObject();
            json.WriteNumber("unreadable", confusions.Unreadable(each.Class));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
