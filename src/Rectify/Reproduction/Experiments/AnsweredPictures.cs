using Rectify.Evaluation;

namespace Rectify.Reproduction.Experiments;

/// <summary>Test images with the classes that were answered, as in the paper's Figures 4 and 5.</summary>
internal static class AnsweredPictures
{
    private const int Answers = 5;

    /// <summary>The surest answers to images of a class that are right, or wrong.</summary>
    /// <param name="group">Under which heading they stand.</param>
    /// <param name="scores">What was answered.</param>
    /// <param name="label">The class.</param>
    /// <param name="top">1 or 5: which errors count.</param>
    /// <param name="right">Whether right ones are wanted.</param>
    /// <param name="most">How many at most.</param>
    public static IEnumerable<ResultPicture> Surest(string group, ScoreTable scores, int label, int top, bool right, int most) =>
        Enumerable.Range(0, scores.Images)
            .Where(image => scores.Labels[image] == label && scores.IsRead(image) && TopK.Rank(scores.Scores(image), label) < top == right)
            .OrderByDescending(image => Best(scores, image)[0].Probability)
            .Take(most)
            .Select(image => new ResultPicture(group, image, scores.Names[image], scores.Classes[label], TopK.Rank(scores.Scores(image), label), Best(scores, image)));

    private static ResultAnswer[] Best(ScoreTable scores, int image)
    {
        float[] all = scores.Scores(image).ToArray();
        return [.. Enumerable.Range(0, all.Length).OrderByDescending(k => all[k]).Take(Answers).Select(k => new ResultAnswer(scores.Classes[k], all[k]))];
    }
}
