using System.Buffers.Binary;

namespace Rectify.Imaging;

/// <summary>Which way up a picture is, as cameras note it in EXIF.</summary>
internal static class ExifOrientation
{
    /// <summary>Nothing to be done; also what is assumed where a file says nothing, or nothing that makes sense.</summary>
    public const int Upright = 1;

    private const ushort Tag = 0x0112;
    private const ushort Short = 3;
    private const ushort Long = 4;
    private const int EntryBytes = 12;

    /// <summary>Reads the orientation from a TIFF structure, which is what EXIF is.</summary>
    /// <param name="tiff">The bytes from "II" or "MM" on. Any bytes at all are safe: what is cut short or contradicts itself counts as silent.</param>
    /// <returns>1 to 8; 1 where there is none.</returns>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8))
        {
            return Upright;
        }

        if (!TryRead32(tiff, 4, little, out uint directory) || !TryRead16(tiff, directory, little, out ushort entries))
        {
            return Upright;
        }

        for (int i = 0; i < entries; i++)
        {
            long entry = directory + 2L + ((long)i * EntryBytes);
            if (!TryRead16(tiff, entry, little, out ushort tag))
            {
                return Upright;
            }

            if (tag == Tag)
            {
                return Value(tiff, entry, little);
            }
        }

        return Upright;
    }

    /// <summary>Whether an orientation puts rows where columns were.</summary>
    public static bool Turns(int orientation) => orientation >= 5;

    /// <summary>Whether an orientation takes the columns of the stored picture from the right.</summary>
    public static bool FromRight(int orientation) => orientation is 2 or 3 or 7 or 8;

    /// <summary>Whether an orientation takes the rows of the stored picture from the bottom.</summary>
    public static bool FromBottom(int orientation) => orientation is 3 or 4 or 6 or 7;

    private static int Value(ReadOnlySpan<byte> tiff, long entry, bool little)
    {
        uint value = 0;
        if (TryRead16(tiff, entry + 2, little, out ushort type) && TryRead32(tiff, entry + 4, little, out uint count) && count == 1)
        {
            if (type == Short && TryRead16(tiff, entry + 8, little, out ushort word))
            {
                value = word;
            }
            else if (type == Long && TryRead32(tiff, entry + 8, little, out uint wide))
            {
                value = wide;
            }
        }

        return value is >= 1 and <= 8 ? (int)value : Upright;
    }

    private static bool TryRead16(ReadOnlySpan<byte> bytes, long at, bool little, out ushort value)
    {
        value = 0;
        if (at > bytes.Length - sizeof(ushort))
        {
            return false;
        }

        ReadOnlySpan<byte> here = bytes[(int)at..];
        value = little ? BinaryPrimitives.ReadUInt16LittleEndian(here) : BinaryPrimitives.ReadUInt16BigEndian(here);
        return true;
    }

    private static bool TryRead32(ReadOnlySpan<byte> bytes, long at, bool little, out uint value)
    {
        value = 0;
        if (at > bytes.Length - sizeof(uint))
        {
            return false;
        }

        ReadOnlySpan<byte> here = bytes[(int)at..];
        value = little ? BinaryPrimitives.ReadUInt32LittleEndian(here) : BinaryPrimitives.ReadUInt32BigEndian(here);
        return true;
    }
}
