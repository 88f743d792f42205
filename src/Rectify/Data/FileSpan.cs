using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Reads a picture's bytes from a part of a file into a rented buffer and decodes them.</summary>
internal static class FileSpan
{
    /// <summary>The longest encoded picture that is read: nobody's photo, but somebody's mistake, is longer.</summary>
    public const long MaxLength = 256L << 20;

    /// <summary>Decodes the <paramref name="length"/> bytes at <paramref name="offset"/>.</summary>
    /// <exception cref="RectifyException">The bytes are too many or not all there, or are not a picture.</exception>
    public static RgbImage Decode(SafeFileHandle file, long offset, long length, IImageDecoder decoder, string name, int shorterSide)
    {
        if (length is 0 or > MaxLength)
        {
            string rule = length == 0 ? "is empty; remove it or put the picture there" : $"has {length} bytes, and pictures up to {MaxLength} "
                + "bytes are read; convert it";
            throw new RectifyException($"{name} {rule}.");
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, (int)length);
            int done = 0;
            while (done < bytes.Length)
            {
                int read = RandomAccess.Read(file, bytes[done..], offset + done);
                if (read == 0)
                {
                    throw new RectifyException($"{name} ends after {done} of {length} bytes; copy it again from where it came.");
                }

                done += read;
            }

            return decoder.Decode(bytes, name, shorterSide);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
