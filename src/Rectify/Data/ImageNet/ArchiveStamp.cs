using Microsoft.Win32.SafeHandles;

namespace Rectify.Data;

/// <summary>By what an archive is known again without reading it.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Nested">Whether it is read as a tar of tars.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Written">When it was last written, in ticks of UTC.</param>
internal sealed record ArchiveStamp(string Path, bool Nested, long Length, long Written)
{
    /// <summary>The stamp of an open archive.</summary>
    public static ArchiveStamp Of(SafeFileHandle file, string path, bool nested) =>
        new(System.IO.Path.GetFullPath(path), nested, RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ArchiveStamp Read(BinaryReader reader) => new(reader.ReadString(), reader.ReadBoolean(), reader.ReadInt64(), reader.ReadInt64());

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Path);
        writer.Write(Nested);
        writer.Write(Length);
        writer.Write(Written);
    }
}
