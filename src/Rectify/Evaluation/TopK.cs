namespace Rectify.Evaluation;

/// <summary>Whether a label is among the k highest scores.</summary>
public static class TopK
{
    /// <summary>The rank of a label among scores, 0 the best: the classes that score higher, and of those that score the same the ones before it.</summary>
    /// <returns>The rank, or the number of classes if any score is not finite: such an answer is wrong, whatever the label.</returns>
    public static int Rank(ReadOnlySpan<float> scores, int label)
    {
        int rank = 0;
        float own = scores[label];
        for (int k = 0; k < scores.Length; k++)
        {
            if (!float.IsFinite(scores[k]))
            {
                return scores.Length;
            }

            if (scores[k] > own || (scores[k] == own && k < label))
            {
                rank++;
            }
        }

        return rank;
    }
}
