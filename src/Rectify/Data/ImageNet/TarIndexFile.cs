using System.Security.Cryptography;
using System.Text;
using Rectify.Formats;

namespace Rectify.Data;

/// <summary>An index as a file: for which archive it was made, then its groups, then the SHA-256 of all that.</summary>
internal static class TarIndexFile
{
    private const string Magic = "rectify tar index 2";

    // Ten times what ImageNet's takes.
    private const long MaxBytes = 1L << 29;

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string file, TarIndex index, ArchiveStamp stamp)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AtomicFile.Write(file, stream =>
        {
            using MemoryStream group = new();
            using BinaryWriter writer = new(group, Encoding.UTF8);
            void Flush()
            {
                writer.Flush();
                ReadOnlySpan<byte> bytes = group.GetBuffer().AsSpan(0, (int)group.Length);
                hash.AppendData(bytes);
                stream.Write(bytes);
                group.SetLength(0);
            }

            writer.Write(Magic);
            stamp.Write(writer);
            writer.Write(index.Groups.Length);
            Flush();
            foreach (TarGroup g in index.Groups)
            {
                Write(writer, g);
                Flush();
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Reads a file; null where there is none, where it is broken, and where it is not of the archive as it is now.</summary>
    public static TarIndex? Load(string file, ArchiveStamp stamp)
    {
        try
        {
            if (!File.Exists(file) || new FileInfo(file).Length is > MaxBytes or < SHA256.HashSizeInBytes)
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(file);
            int length = bytes.Length - SHA256.HashSizeInBytes;
            if (!SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            {
                return null;
            }

            using BinaryReader reader = new(new MemoryStream(bytes, 0, length), Encoding.UTF8);
            if (reader.ReadString() != Magic || ArchiveStamp.Read(reader) != stamp)
            {
                return null;
            }

            TarGroup[] groups = new TarGroup[reader.ReadInt32()];
            for (int g = 0; g < groups.Length; g++)
            {
                groups[g] = ReadGroup(reader);
            }

            return new TarIndex(groups);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static void Write(BinaryWriter writer, TarGroup group)
    {
        writer.Write(group.Name);
        writer.Write(group.Count);
        for (int i = 0; i < group.Count; i++)
        {
            writer.Write(group.Offsets[i]);
            writer.Write(group.Lengths[i]);
            writer.Write(group.NameStarts[i + 1]);
        }

        writer.Write(group.NameStarts[^1]);
        writer.Write(group.Names.AsSpan(0, group.NameStarts[^1]));
    }

    private static TarGroup ReadGroup(BinaryReader reader)
    {
        string name = reader.ReadString();
        int count = reader.ReadInt32();
        long[] offsets = new long[count];
        int[] lengths = new int[count], starts = new int[count + 1];
        for (int i = 0; i < count; i++)
        {
            (offsets[i], lengths[i], starts[i + 1]) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32());
        }

        return new TarGroup(name, offsets, lengths, starts, reader.ReadBytes(reader.ReadInt32()));
    }
}
