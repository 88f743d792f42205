namespace Rectify.Data;

/// <summary>Bytes of a picture file to pixels. Decoding alone: no resizing to an exact size. Thread-safe.</summary>
public interface IImageDecoder
{
    /// <summary>Decodes a file, upright: the orientation that a camera noted in EXIF is applied.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call the file in a message.</param>
    /// <param name="shorterSide">The least shorter side that the caller can use, in pixels: the decoder may return a smaller picture of at least twice that, where
    /// it can do so in less time, and says so in <see cref="RgbImage.Reduction"/>. 0: the whole picture. The same arguments give the same pixels.</param>
    /// <exception cref="Tensors.RectifyException">The bytes are not a picture that this decoder reads; the message says why.</exception>
    RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0);

    /// <summary>Decodes as <see cref="Decode"/> does, into memory that is lent: the picture is valid until <paramref name="pixels"/> is disposed.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call the file in a message.</param>
    /// <param name="shorterSide">The least shorter side that the caller can use, in pixels.</param>
    /// <param name="pixels">Lends the memory. A decoder need not use it, and one that does not say so decodes as it always does.</param>
    /// <exception cref="Tensors.RectifyException">The bytes are not a picture that this decoder reads; the message says why.</exception>
    RgbImage DecodeInto(ReadOnlySpan<byte> file, string name, int shorterSide, PixelBuffer pixels) => Decode(file, name, shorterSide);

    /// <summary>Reads a file's header alone.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call the file in a message.</param>
    /// <exception cref="Tensors.RectifyException">The bytes do not begin like a picture that this decoder reads; the message says why.</exception>
    ImageDescription Describe(ReadOnlySpan<byte> file, string name);
}
