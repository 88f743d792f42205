using Rectify.Data;
using Rectify.Imaging;
using Rectify.Reports;

namespace Rectify.Cli;

/// <summary>How pictures stand in pages.</summary>
internal static class ReportPictures
{
    // For pictures as large as a thumb.
    private const int Quality = 82;

    /// <summary>JPEG where libjpeg-turbo is there, else PNG.</summary>
    public static IImageEncoder Encoder() => TurboJpegDecoder.IsAvailable ? new TurboJpegEncoder(Quality) : new PngEncoder();
}
