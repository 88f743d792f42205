using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Tensors;

namespace Rectify.Reports;

/// <summary>Which pictures a report shows: of the classes with the most errors the surest wrong and the surest right answers.</summary>
internal static class PhotoChoice
{
    private const int Answers = 5;
    private const int MostClasses = 4;
    private const int WrongOfAClass = 2;

    // All pictures together, as data URIs.
    private const int MostBytes = 1 << 20;

    /// <summary>Chooses and reads.</summary>
    /// <param name="scores">What was answered.</param>
    /// <param name="data">The images, in the same order.</param>
    /// <param name="encoder">Encodes photos.</param>
    /// <exception cref="RectifyException">The first picture cannot be encoded.</exception>
    public static IReadOnlyList<PhotoAnswer> Choose(ScoreTable scores, IDataset data, IImageEncoder encoder)
    {
        ClassErrors[] worst =
        [
            .. ClassErrors.Of(scores).Where(each => each.Images > 0)
                .OrderByDescending(each => each.ErrorPercent(5)).ThenByDescending(each => each.ErrorPercent(1)).ThenBy(each => each.Class).Take(MostClasses),
        ];
        List<int> images = [];
        foreach (ClassErrors each in worst)
        {
            int[] own = [.. Enumerable.Range(0, scores.Images).Where(i => scores.Labels[i] == each.Class && scores.IsRead(i)).OrderByDescending(i => Best(scores.Scores(i)))];
            images.AddRange(own.Where(i => Rank(scores, i) > 0).Take(WrongOfAClass));
            images.AddRange(own.Where(i => Rank(scores, i) == 0).Take(1));
        }

        List<PhotoAnswer> photos = [];
        int bytes = 0;
        foreach (int image in images)
        {
            if (Picture(data, image, encoder) is { } picture && bytes + picture.Length <= MostBytes)
            {
                bytes += picture.Length;
                photos.Add(new PhotoAnswer(Path.GetFileName(scores.Names[image]), scores.Classes[scores.Labels[image]], picture, Top(scores, image), Rank(scores, image)));
            }
        }

        return photos;
    }

    private static int Rank(ScoreTable scores, int image) => TopK.Rank(scores.Scores(image), scores.Labels[image]);

    private static float Best(ReadOnlySpan<float> scores)
    {
        float best = scores[0];
        foreach (float score in scores)
        {
            best = Math.Max(best, score);
        }

        return best;
    }

    private static ClassScore[] Top(ScoreTable scores, int image)
    {
        float[] all = scores.Scores(image).ToArray();
        int label = scores.Labels[image];
        return [.. Enumerable.Range(0, all.Length).OrderByDescending(k => all[k]).ThenBy(k => k).Take(Answers).Select(k => new ClassScore(scores.Classes[k], all[k], k == label))];
    }

    // A file that has gone since it was scored is no reason to have no report.
    private static string? Picture(IDataset data, int image, IImageEncoder encoder)
    {
        RgbImage pixels;
        try
        {
            pixels = data.Read(image, Thumbnail.ShorterSide);
        }
        catch (RectifyException)
        {
            return null;
        }

        return Thumbnail.Make(pixels, encoder);
    }
}
