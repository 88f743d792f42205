namespace Rectify.Data;

/// <summary>Bytes of a picture file to pixels. Decoding alone: no resizing to an exact size. Thread-safe.</summary>
public interface IImageDecoder
{
    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call the file in a message.</param>
    /// <exception cref="Tensors.RectifyException">The bytes are not a picture that this decoder reads; the message says why.</exception>
    RgbImage Decode(ReadOnlySpan<byte> file, string name);
}
