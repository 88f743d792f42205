using System.Buffers;
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
        float[] probabilities = ArrayPool<float>.Shared.Rent(scores.Length);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(scores.Length);
        Span<ulong> order = rented.AsSpan(0, scores.Length);
        SoftmaxCrossEntropy.Probabilities(MapShape.Image(1, 1, 1, scores.Length), scores, probabilities);
        for (int k = 0; k < order.Length; k++)
        {
            order[k] = ((ulong)~Ascending(scores[k]) << 32) | (uint)k;
        }

        order.Sort();
        Prediction[] predictions = new Prediction[Math.Min(top, order.Length)];
        for (int i = 0; i < predictions.Length; i++)
        {
            int k = (int)(uint)order[i];
            predictions[i] = new Prediction(classes[k], probabilities[k]);
        }

        ArrayPool<float>.Shared.Return(probabilities);
        ArrayPool<ulong>.Shared.Return(rented);
        return predictions;
    }

    // A whole number that is the greater the greater the score is; −0 and +0 are equal.
    private static uint Ascending(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }
}
