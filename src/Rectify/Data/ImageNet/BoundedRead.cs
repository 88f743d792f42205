namespace Rectify.Data;

/// <summary>Reads streams that may decompress to more than they should.</summary>
internal static class BoundedRead
{
    private const int Step = 1 << 16;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <param name="tooLong">The error where there are more.</param>
    /// <param name="damaged">The error where it cannot be read or decompressed.</param>
    public static byte[] All(Stream stream, int most, Func<Exception> tooLong, Func<Exception, Exception> damaged)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[Step];
        try
        {
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                if (all.Length + read > most)
                {
                    throw tooLong();
                }

                all.Write(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw damaged(e);
        }

        return all.ToArray();
    }
}
