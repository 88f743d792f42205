namespace Rectify.Data;

/// <summary>Pixels to the bytes of a picture file. Thread-safe; the same pixels give the same bytes.</summary>
public interface IImageEncoder
{
    /// <summary>What it writes, with all that decides the bytes: "jpeg, quality 95".</summary>
    string Description { get; }

    /// <summary>The extension of its files, with the dot.</summary>
    string Extension { get; }

    /// <summary>Whether a file that need not be made smaller is to stay as it is, whatever its format.</summary>
    bool KeepsFiles { get; }

    /// <summary>A picture as a file.</summary>
    /// <exception cref="Tensors.RectifyException">The picture cannot be encoded; the message says why.</exception>
    byte[] Encode(RgbImage image);
}
