using Rectify.Kernels.Loss;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>From scores to the most probable classes. Pure.</summary>
internal static class Ranking
{
    /// <summary>The classes with the highest scores, and their softmax probabilities among all classes.</summary>
    /// <param name="scores">One a class, all finite.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="top">How many are wanted; all where there are fewer.</param>
    /// <returns>By score, the highest first, and so by probability; of equal scores the class that comes first stands first.</returns>
    public static IReadOnlyList<Prediction> Top(ReadOnlySpan<float> scores, IReadOnlyList<string> classes, int top)
    {
        float[] probabilities = new float[scores.Length];
        SoftmaxCrossEntropy.Probabilities(MapShape.Image(1, 1, 1, scores.Length), scores, probabilities);
        int[] order = new int[scores.Length];
        (float Score, int Class)[] keys = new (float, int)[scores.Length];
        for (int k = 0; k < order.Length; k++)
        {
            (order[k], keys[k]) = (k, (-scores[k], k));
        }

        Array.Sort(keys, order);
        Prediction[] predictions = new Prediction[Math.Min(top, order.Length)];
        for (int i = 0; i < predictions.Length; i++)
        {
            predictions[i] = new Prediction(classes[order[i]], probabilities[order[i]]);
        }

        return predictions;
    }
}
