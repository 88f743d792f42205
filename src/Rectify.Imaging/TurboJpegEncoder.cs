using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>Encodes JPEG by libjpeg-turbo: baseline, a chroma sample for four pixels (4:2:0). Thread-safe.</summary>
public sealed class TurboJpegEncoder : IImageEncoder
{
    private const int DefaultQuality = 95;
    private const int MostSide = 65500;

    private readonly int _quality;

    /// <summary>An encoder.</summary>
    /// <param name="quality">1 to 100; at 95 a network sees no difference, at 80 hardly anybody does.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    public TurboJpegEncoder(int quality = DefaultQuality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        _quality = quality;
    }

    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"jpeg, quality {_quality}, 4:2:0");

    /// <inheritdoc/>
    public string Extension => ".jpg";

    /// <inheritdoc/>
    public bool KeepsFiles => true;

    /// <inheritdoc/>
    public unsafe byte[] Encode(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Math.Max(image.Width, image.Height) > MostSide)
        {
            throw new RectifyException($"A picture of {image.Width}×{image.Height} pixels is longer than the {MostSide} that a JPEG can hold; choose a smaller scale.");
        }

        nint handle = Open();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(checked((int)TurboJpegLibrary.MostBytes(image.Width, image.Height, TurboJpegLibrary.Subsampling420).Value));
        try
        {
            fixed (byte* pixels = image.Pixels, start = buffer)
            {
                byte* file = start;
                CULong length = new((nuint)buffer.Length);
                int status = TurboJpegLibrary.Compress(
                    handle, pixels, image.Width, 0, image.Height, TurboJpegLibrary.FormatRgb, &file, &length, TurboJpegLibrary.Subsampling420, _quality,
                    TurboJpegLibrary.FlagNoReallocation);
                return status == 0
                    ? buffer.AsSpan(0, (int)length.Value).ToArray()
                    : throw new RectifyException($"libjpeg-turbo could not encode a picture: {Marshal.PtrToStringUTF8(TurboJpegLibrary.GetErrorString(handle))}.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = TurboJpegLibrary.Destroy(handle);
        }
    }

    private static nint Open()
    {
        try
        {
            nint handle = TurboJpegLibrary.InitCompress();
            return handle != 0 ? handle : throw new RectifyException("libjpeg-turbo could not start a compressor; free some memory and try again.");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new RectifyException("JPEG files are written by libjpeg-turbo 2 or later, which is not installed; see what rectify says of a JPEG that it cannot read.", e);
        }
    }
}
