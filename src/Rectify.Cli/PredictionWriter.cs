using System.Globalization;
using System.Text;
using Rectify.Data;
using Rectify.Inference;

namespace Rectify.Cli;

/// <summary>Prints answers, a line each, and counts those that failed.</summary>
/// <param name="output">Where answers go; flushed after each.</param>
/// <param name="errors">Where the errors go in the form for people.</param>
/// <param name="json">One JSON object a line, errors among them.</param>
/// <param name="classes">Names of the classes: the columns are as wide as the longest, within reason.</param>
/// <param name="words">What classes are called by people, by name.</param>
internal sealed class PredictionWriter(TextWriter output, TextWriter errors, bool json, IReadOnlyList<string> classes, IReadOnlyDictionary<string, string> words)
{
    private const int WidestName = 24;

    private readonly int _nameWidth = Math.Min(WidestName, classes.Max(name => ClassWords.Label(name, words).Length));
    private int _fileWidth;

    /// <summary>Answers that were errors.</summary>
    public int Failed { get; private set; }

    /// <summary>Answers in all.</summary>
    public int Count { get; private set; }

    public void Write(FileAnswer answer)
    {
        Count++;
        Failed += answer.Error is null ? 0 : 1;
        if (json)
        {
            JsonLine.Write(output, j =>
            {
                j.WriteString("file", answer.File);
                if (answer.Error is { } error)
                {
                    j.WriteString("error", error);
                    return;
                }

                j.WriteStartArray("labels");
                foreach (Prediction label in answer.Labels)
                {
                    j.WriteStartObject();
                    j.WriteString("name", label.Name);
                    if (words.TryGetValue(label.Name, out string? called))
                    {
                        j.WriteString("words", called);
                    }

                    j.WriteNumber("probability", label.Probability);
                    j.WriteEndObject();
                }

                j.WriteEndArray();
            });
        }
        else if (answer.Error is { } error)
        {
            errors.WriteLine($"rectify: {error}");
        }
        else
        {
            output.WriteLine(Line(answer));
        }

        output.Flush();
    }

    // The lines come one by one: the first column is as wide as the longest path so far.
    private string Line(FileAnswer answer)
    {
        _fileWidth = Math.Max(_fileWidth, answer.File.Length);
        StringBuilder line = new(answer.File.PadRight(_fileWidth));
        foreach ((string name, float probability) in answer.Labels)
        {
            _ = line.Append(CultureInfo.InvariantCulture, $"  {ClassWords.Label(name, words).PadRight(_nameWidth)} {100.0 * probability,5:F1} %");
        }

        return line.ToString();
    }
}
