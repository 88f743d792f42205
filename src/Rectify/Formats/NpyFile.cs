using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>NumPy's .npy files: one array a file.</summary>
/// <remarks>Read: versions 1 to 3; little-endian f4, f8, f2, i8, i4, u1 and b1; C order, and Fortran's order turned into it. Memory is taken only for what the file really
/// holds, and an array takes less than 2 GB.</remarks>
public static class NpyFile
{
    /// <summary>Reads an array.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RectifyException">The file is missing, no NumPy file, damaged, or holds what is not read; the message says what.</exception>
    public static NpyArray Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            NpyHeader header = NpyHeader.Read(file, path);
            byte[] bytes = ReadNumbers(file, path, header);
            return new NpyArray(header.Dimensions, header.Element, header.Transposed ? InCOrder(bytes, header.Dimensions, NpyHeader.SizeOf(header.Element)) : bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new RectifyException($"{path} is no whole NumPy file: it is cut off.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Writes an array, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="array">What.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(NpyHeader.Write(array.Element, array.Dimensions));
            stream.Write(array.Bytes);
        });
    }

    private static byte[] ReadNumbers(FileStream file, string path, NpyHeader header)
    {
        long there = file.Length - header.DataStart;
        Int128 due = header.Dimensions.Contains(0) ? 0 : NpyHeader.SizeOf(header.Element);
        foreach (int dimension in header.Dimensions)
        {
            // Beyond what any file holds it need not grow, and so cannot overflow.
            due = Int128.Min(due, long.MaxValue) * dimension;
        }

        if (due != there)
        {
            throw new RectifyException(
                $"{path} is no whole NumPy file: an array of shape [{string.Join(',', header.Dimensions)}] takes {due} bytes, and {there} are there.");
        }

        if (there > Array.MaxLength)
        {
            throw new RectifyException($"{path} holds {there} bytes of numbers, and {Array.MaxLength} are the most; cut it into several files.");
        }

        byte[] bytes = new byte[there];
        file.ReadExactly(bytes);
        return bytes;
    }

    // From an order in which the first index runs fastest to one in which the last does.
    private static byte[] InCOrder(byte[] bytes, IReadOnlyList<int> dimensions, int size)
    {
        byte[] ordered = new byte[bytes.Length];
        int[] index = new int[dimensions.Count];
        int[] strides = new int[dimensions.Count];
        for (int d = 0, stride = size; d < strides.Length; stride *= dimensions[d], d++)
        {
            strides[d] = stride;
        }

        int from = 0;
        for (int to = 0; to < ordered.Length; to += size)
        {
            bytes.AsSpan(from, size).CopyTo(ordered.AsSpan(to));
            for (int d = index.Length - 1; d >= 0; d--)
            {
                from += strides[d];
                if (++index[d] < dimensions[d])
                {
                    break;
                }

                from -= strides[d] * index[d];
                index[d] = 0;
            }
        }

        return ordered;
    }
}
