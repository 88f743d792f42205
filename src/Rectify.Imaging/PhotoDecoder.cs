using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>Decodes JPEG, PNG and the plain pixels of packed sets (PPM), told apart by their first bytes and not by their names. Thread-safe.</summary>
/// <remarks>A native codec is looked for when the first file of its kind comes, so that who has only JPEG needs only libjpeg-turbo.</remarks>
public sealed class PhotoDecoder : IImageDecoder, IDisposable
{
    // A codec that is missing is looked for again at each file: the error then names the file that needs it, and installing it mid-run helps.
    private readonly Lazy<TurboJpegDecoder> _jpeg = new(() => new TurboJpegDecoder(), LazyThreadSafetyMode.PublicationOnly);
    private readonly PpmCodec _ppm = new();
    private readonly Lazy<SpngDecoder> _png = new(() => new SpngDecoder(), LazyThreadSafetyMode.PublicationOnly);

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0) => CodecOf(file, name).Decode(file, name, shorterSide);

    /// <inheritdoc/>
    public RgbImage DecodeInto(ReadOnlySpan<byte> file, string name, int shorterSide, PixelBuffer pixels) =>
        CodecOf(file, name).DecodeInto(file, name, shorterSide, pixels);

    /// <inheritdoc/>
    /// <remarks>Needs no native codec.</remarks>
    public ImageDescription Describe(ReadOnlySpan<byte> file, string name) =>
        TurboJpegDecoder.IsJpeg(file) ? JpegHeader.Read(file, name).Description
        : SpngDecoder.IsPng(file) ? PngHeader.Read(file, name).Description
        : PpmCodec.IsPpm(file) ? _ppm.Describe(file, name)
        : throw Unknown(file, name);

    /// <summary>Frees the native decoders.</summary>
    public void Dispose()
    {
        if (_jpeg.IsValueCreated)
        {
            _jpeg.Value.Dispose();
        }
    }

    private IImageDecoder CodecOf(ReadOnlySpan<byte> file, string name) =>
        TurboJpegDecoder.IsJpeg(file) ? _jpeg.Value
        : SpngDecoder.IsPng(file) ? _png.Value
        : PpmCodec.IsPpm(file) ? _ppm
        : throw Unknown(file, name);

    private static RectifyException Unknown(ReadOnlySpan<byte> file, string name)
    {
        string kind = name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? "a PNG"
            : name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase) ? "a JPEG"
            : "a JPEG or PNG";
        return new RectifyException($"{name} is not {kind}: it begins with {DecodeRules.Beginning(file)}; remove it or convert it.");
    }
}
