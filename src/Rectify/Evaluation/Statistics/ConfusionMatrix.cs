namespace Rectify.Evaluation;

/// <summary>What was answered to the images of each class: rows are labels, columns the classes with the highest score. Images that could not be read stand apart.</summary>
/// <remarks>Of scores that are the same the first class is the answer, as in <see cref="TopK"/>. Kept sparse: it takes memory for the pairs that occur.</remarks>
public sealed class ConfusionMatrix
{
    private readonly SortedDictionary<int, int>[] _rows;
    private readonly int[] _unreadable;

    private ConfusionMatrix(IReadOnlyList<string> classes)
    {
        Classes = classes;
        _rows = [.. classes.Select(_ => new SortedDictionary<int, int>())];
        _unreadable = new int[classes.Count];
    }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Images of the class <paramref name="label"/> to which <paramref name="answer"/> was the answer.</summary>
    public int this[int label, int answer] => _rows[label].GetValueOrDefault(answer);

    /// <summary>The matrix of a table.</summary>
    public static ConfusionMatrix Of(ScoreTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        ConfusionMatrix matrix = new(table.Classes);
        for (int i = 0; i < table.Images; i++)
        {
            int label = table.Labels[i];
            if (table.IsRead(i))
            {
                int answer = Best(table.Scores(i));
                matrix._rows[label][answer] = matrix[label, answer] + 1;
            }
            else
            {
                matrix._unreadable[label]++;
            }
        }

        return matrix;
    }

    /// <summary>Images of a class that could not be read.</summary>
    public int Unreadable(int label) => _unreadable[label];

    /// <summary>The wrong answers to the images of a class, most frequent first, of the same number in the order of the classes.</summary>
    public IReadOnlyList<(int Answer, int Images)> Mistakes(int label) =>
        [.. _rows[label].Where(pair => pair.Key != label).OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value))];

    private static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int k = 1; k < scores.Length; k++)
        {
            best = scores[k] > scores[best] ? k : best;
        }

        return best;
    }
}
