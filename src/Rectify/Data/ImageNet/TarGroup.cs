using System.Text;

namespace Rectify.Data;

/// <summary>The pictures of one tar inside an archive (or of a flat archive): names, places and lengths, in the ordinal order of the names' bytes.</summary>
/// <param name="Name">The tar's name without .tar: the class; empty for a flat archive.</param>
/// <param name="Offsets">Where each picture begins in the archive, in bytes.</param>
/// <param name="Lengths">Bytes of each.</param>
/// <param name="NameStarts">Where each name begins in <paramref name="Names"/>, and where the last one ends.</param>
/// <param name="Names">The names one after the other, UTF-8.</param>
internal sealed record TarGroup(string Name, long[] Offsets, int[] Lengths, int[] NameStarts, byte[] Names)
{
    /// <summary>Pictures.</summary>
    public int Count => Offsets.Length;

    /// <summary>A picture's file name: a new string each time.</summary>
    public string NameOf(int index) => Encoding.UTF8.GetString(Names.AsSpan(NameStarts[index]..NameStarts[index + 1]));
}
