using System.Text;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>What all decoders hold to: how large a picture may be, and how to speak of bytes that are none.</summary>
internal static class DecodeRules
{
    /// <summary>The most pixels that are decoded: a larger picture is a mistake or an attack.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Refuses sizes that are not positive or too large, before anything is allocated for them.</summary>
    /// <exception cref="RectifyException">The size is refused.</exception>
    public static void CheckSize(long width, long height, string name)
    {
        CheckPositive(width, height, name);
        if (width > MaxPixels / height)
        {
            throw new RectifyException(
                $"{name} is {width}×{height} pixels large, and pictures up to {MaxPixels / 1_000_000} megapixels are read; make it smaller or "
                    + "remove it.");
        }
    }

    /// <summary>Refuses a size that a file of so few bytes cannot hold, before anything is allocated for it: so memory is bounded by the file's length.</summary>
    /// <param name="size">What the header claims, in whatever unit <paramref name="mostPerByte"/> counts.</param>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="mostPerByte">The most that a byte can stand for.</param>
    /// <param name="format">"JPEG" or "PNG".</param>
    /// <param name="name">What to call the file.</param>
    /// <exception cref="RectifyException">The size is refused.</exception>
    public static void CheckPlausible(long size, long length, long mostPerByte, string format, string name)
    {
        if (size / mostPerByte > length)
        {
            throw Damaged(format, $"its header claims more pixels than its {length} bytes can hold", name);
        }
    }

    /// <summary>Refuses sizes that are not positive.</summary>
    /// <exception cref="RectifyException">The size is refused.</exception>
    public static void CheckPositive(long width, long height, string name)
    {
        if (width < 1 || height < 1)
        {
            throw new RectifyException($"{name} says that it is {width}×{height} pixels large, which no picture is; remove it.");
        }
    }

    /// <summary>What to throw for a file that is damaged.</summary>
    /// <param name="format">"JPEG" or "PNG".</param>
    /// <param name="reason">What is amiss.</param>
    /// <param name="name">What to call the file.</param>
    public static RectifyException Damaged(string format, string reason, string name) =>
        new($"{name} is a damaged {format} ({reason}); copy it again from where it came, or remove it.");

    /// <summary>The first bytes of a file, as a message shows them: as text where they are text, else in hexadecimal.</summary>
    public static string Beginning(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> first = file[..Math.Min(file.Length, 12)];
        if (first.IsEmpty)
        {
            return "nothing: it is empty";
        }

        return first.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0
            ? $"\"{Encoding.ASCII.GetString(first)}\""
            : Convert.ToHexString(first[..Math.Min(first.Length, 8)]);
    }
}
