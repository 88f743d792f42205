using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Reads a picture's bytes from a file or a part of one, into a rented buffer where they are to be decoded.</summary>
internal static class FileSpan
{
    /// <summary>The longest encoded picture that is read: nobody's photo, but somebody's mistake, is longer.</summary>
    public const long MaxLength = 256L << 20;

    /// <summary>Decodes the <paramref name="length"/> bytes at <paramref name="offset"/>.</summary>
    /// <exception cref="RectifyException">The bytes are too many or not all there, or are not a picture.</exception>
    public static RgbImage Decode(SafeFileHandle file, long offset, long length, IImageDecoder decoder, string name, int shorterSide)
    {
        CheckLength(length, name);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, (int)length);
            Fill(file, offset, bytes, name);
            return decoder.Decode(bytes, name, shorterSide);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes a file.</summary>
    /// <exception cref="RectifyException">The file cannot be read or is not a picture.</exception>
    public static RgbImage Decode(string path, IImageDecoder decoder, int shorterSide)
    {
        try
        {
            using SafeFileHandle file = Open(path);
            return Decode(file, 0, RandomAccess.GetLength(file), decoder, path, shorterSide);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    // To open a pipe would wait for ever; what is no regular file, or a link to one, has no length.
    private static SafeFileHandle Open(string path)
    {
        CheckLength(Length(path), path);
        return File.OpenHandle(path);
    }

    /// <summary>Reads the <paramref name="length"/> bytes at <paramref name="offset"/>.</summary>
    /// <exception cref="RectifyException">The bytes are none, too many or not all there.</exception>
    public static byte[] Read(SafeFileHandle file, long offset, long length, string name)
    {
        CheckLength(length, name);
        byte[] bytes = new byte[length];
        Fill(file, offset, bytes, name);
        return bytes;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="RectifyException">The file is empty, too long or cannot be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using SafeFileHandle file = Open(path);
            return Read(file, 0, RandomAccess.GetLength(file), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Bytes of a file, or of what a link points to; −1 where there is none.</summary>
    /// <exception cref="RectifyException">The folder that holds it may not be read.</exception>
    public static long Length(string path)
    {
        try
        {
            FileInfo file = new(path);
            file = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? file.Length : -1;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return -1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static RectifyException Unreadable(string path, Exception e) =>
        new($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it is still there and may be read.", e);

    private static void CheckLength(long length, string name)
    {
        if (length is 0 or > MaxLength)
        {
            string rule = length == 0 ? "is empty; remove it or put the picture there" : $"has {length} bytes, and pictures up to {MaxLength} "
                + "bytes are read; convert it";
            throw new RectifyException($"{name} {rule}.");
        }
    }

    private static void Fill(SafeFileHandle file, long offset, Span<byte> bytes, string name)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            int read = RandomAccess.Read(file, bytes[done..], offset + done);
            if (read == 0)
            {
                throw new RectifyException($"{name} ends after {done} of {bytes.Length} bytes; copy it again from where it came.");
            }

            done += read;
        }
    }
}
