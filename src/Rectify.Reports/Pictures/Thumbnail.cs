using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Reports;

/// <summary>Small copies of pictures that stand in the page itself.</summary>
internal static class Thumbnail
{
    private const int Side = 160;

    // Beyond this a picture is as long as a strip, and is cut to its middle.
    private const int MostProportion = 2;

    /// <summary>A picture as a data URI: no side over twice <see cref="Side"/>, small pictures as they are.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="jpeg">Encodes photos; pictures that are small already become PNG, which keeps their pixels.</param>
    /// <exception cref="RectifyException">The picture cannot be encoded.</exception>
    public static string Make(RgbImage image, IImageEncoder jpeg)
    {
        if (Math.Min(image.Width, image.Height) <= Side / 2)
        {
            return Uri("image/png", new PngEncoder().Encode(Cut(image)));
        }

        RgbImage small = Cut(Math.Min(image.WholeWidth, image.WholeHeight) > Side ? Resize.ShorterSide(image, Side) : image);
        return Uri(jpeg.Extension == ".png" ? "image/png" : "image/jpeg", jpeg.Encode(small));
    }

    /// <summary>The shorter side to ask a data set for.</summary>
    public static int ShorterSide => Side;

    /// <summary>Bytes as a data URI.</summary>
    public static string Uri(string type, byte[] bytes) => $"data:{type};base64,{Convert.ToBase64String(bytes)}";

    private static RgbImage Cut(RgbImage image)
    {
        int most = MostProportion * Math.Min(image.Width, image.Height);
        (int width, int height) = (Math.Min(image.Width, most), Math.Min(image.Height, most));
        if (width == image.Width && height == image.Height)
        {
            return image;
        }

        (int left, int top) = ((image.Width - width) / 2, (image.Height - height) / 2);
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            image.Pixels.AsSpan(3 * (((top + y) * image.Width) + left), 3 * width).CopyTo(pixels.AsSpan(3 * y * width));
        }

        return new RgbImage(width, height, pixels);
    }
}
