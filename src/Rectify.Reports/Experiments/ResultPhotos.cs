using Rectify.Data;
using Rectify.Reproduction;
using Rectify.Tensors;

namespace Rectify.Reports;

/// <summary>The pictures of a result, with small copies of them.</summary>
internal static class ResultPhotos
{
    /// <summary>Reads them; one that has gone since is left out.</summary>
    /// <exception cref="RectifyException">A picture cannot be encoded.</exception>
    public static IReadOnlyList<(string Group, PhotoAnswer Photo)> Read(IReadOnlyList<ResultPicture> pictures, IDataset images, IImageEncoder encoder)
    {
        List<(string, PhotoAnswer)> photos = [];
        foreach (ResultPicture picture in pictures.Where(picture => picture.Image < images.Count))
        {
            RgbImage pixels;
            try
            {
                pixels = images.Read(picture.Image, Thumbnail.ShorterSide);
            }
            catch (RectifyException)
            {
                continue;
            }

            ClassScore[] answers = [.. picture.Answers.Select(answer => new ClassScore(answer.Class, answer.Probability, answer.Class == picture.Label))];
            photos.Add((picture.Group, new PhotoAnswer(Path.GetFileName(picture.Name), picture.Label, Thumbnail.Make(pixels, encoder), answers, picture.Rank)));
        }

        return photos;
    }
}
