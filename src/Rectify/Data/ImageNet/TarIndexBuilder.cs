using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Finds the pictures of an archive by its headers alone: one small read for each.</summary>
/// <remarks>Entries are visited in the order in which they lie, by one thread: on a disk that turns, several would make its head jump.</remarks>
internal sealed class TarIndexBuilder
{
    private const int ProgressEvery = 256;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly Action<long, long>? _progress;
    private readonly long _length;

    // Of the group at hand; used again for the next.
    private readonly List<long> _offsets = [];
    private readonly List<int> _lengths = [];
    private readonly List<int> _starts = [];
    private readonly List<byte> _names = [];
    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);
    private int _noted;

    private TarIndexBuilder(SafeFileHandle file, string path, Action<long, long>? progress)
    {
        (_file, _path, _progress) = (file, path, progress);
        _length = RandomAccess.GetLength(file);
    }

    /// <summary>Indexes a tar of pictures; folders in it do not matter.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="path">What to call it.</param>
    /// <param name="progress">Hears how many of how many bytes are passed.</param>
    /// <exception cref="RectifyException">The archive is broken or cut short, or a hard link names no picture before it.</exception>
    public static TarIndex Flat(SafeFileHandle file, string path, Action<long, long>? progress)
    {
        TarIndexBuilder builder = new(file, path, progress);
        return new TarIndex([builder.Group("", path, 0, builder._length)]);
    }

    /// <summary>Indexes a tar of tars of pictures: each of these is a class.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="path">What to call it.</param>
    /// <param name="progress">Hears how many of how many bytes are passed.</param>
    /// <exception cref="RectifyException">The archive or one inside it is broken or cut short, or holds a class twice or without pictures; there are not two classes.</exception>
    public static TarIndex Nested(SafeFileHandle file, string path, Action<long, long>? progress)
    {
        TarIndexBuilder builder = new(file, path, progress);
        SortedDictionary<string, TarGroup> groups = new(StringComparer.Ordinal);
        TarScan outer = new(file, path, 0, builder._length);
        while (outer.Next())
        {
            string name = Encoding.UTF8.GetString(LastPart(outer.Name));
            if (!(outer.IsFile || outer.IsHardLink) || name.StartsWith('.') || !name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (outer.IsHardLink)
            {
                throw new RectifyException(
                    $"{path}/{name} is a hard link to {Encoding.UTF8.GetString(outer.LinkName)}, and no two classes are one; make or copy the archive again.");
            }

            TarGroup group = builder.Group(name[..^4], $"{path}/{name}", outer.Offset, outer.Offset + outer.Length);
            if (group.Count == 0)
            {
                throw new RectifyException($"{path}/{name} holds no .JPEG, .jpg or .png; make or copy the archive again.");
            }

            if (!groups.TryAdd(group.Name, group))
            {
                throw new RectifyException($"{path} holds {name} twice; make or copy it again.");
            }
        }

        return groups.Count >= 2
            ? new TarIndex([.. groups.Values])
            : throw new RectifyException(
                $"{path} holds {groups.Count} tars of pictures, and a classifier needs two classes; take the archive as ImageNet gives it out, a tar of a tar for each class.");
    }

    private static ReadOnlySpan<byte> LastPart(ReadOnlySpan<byte> name) => name[(name.LastIndexOf((byte)'/') + 1)..];

    private static bool IsPicture(ReadOnlySpan<byte> name) =>
        name.Length > 0 && name[0] != '.' && (EndsWith(name, ".jpeg"u8) || EndsWith(name, ".jpg"u8) || EndsWith(name, ".png"u8));

    private static bool EndsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> extension) =>
        name.Length > extension.Length && Ascii.EqualsIgnoreCase(name[^extension.Length..], extension);

    private TarGroup Group(string name, string path, long begin, long end)
    {
        _offsets.Clear();
        _lengths.Clear();
        _starts.Clear();
        _names.Clear();
        _named.Clear();
        _noted = 0;
        TarScan scan = new(_file, path, begin, end);
        while (scan.Next())
        {
            ReadOnlySpan<byte> file = LastPart(scan.Name);
            if ((scan.IsFile || scan.IsHardLink) && IsPicture(file))
            {
                // More than is read of a picture by far; reading it will say so.
                (long offset, int length) = scan.IsFile ? (scan.Offset, (int)Math.Min(scan.Length, int.MaxValue)) : PlaceOf(path, file, scan.LinkName);
                _starts.Add(_names.Count);
                _names.AddRange(file);
                _offsets.Add(offset);
                _lengths.Add(length);
                if (_offsets.Count % ProgressEvery == 0)
                {
                    _progress?.Invoke(scan.Offset, _length);
                }
            }
        }

        _starts.Add(_names.Count);
        _progress?.Invoke(end, _length);
        return Sorted(name);
    }

    // Where the picture lies that a hard link names; names are noted when the first link asks.
    private (long Offset, int Length) PlaceOf(string path, ReadOnlySpan<byte> file, ReadOnlySpan<byte> link)
    {
        ReadOnlySpan<byte> names = CollectionsMarshal.AsSpan(_names);
        for (int i = _noted; i < _offsets.Count; i++)
        {
            _named[Encoding.UTF8.GetString(names[_starts[i]..(i + 1 < _starts.Count ? _starts[i + 1] : names.Length)])] = i;
        }

        _noted = _offsets.Count;
        return _named.TryGetValue(Encoding.UTF8.GetString(LastPart(link)), out int at)
            ? (_offsets[at], _lengths[at])
            : throw TarScan.LinkToNothing(path, Encoding.UTF8.GetString(file), Encoding.UTF8.GetString(link));
    }

    // By name; of two entries with a name the last one counts, as it does to tar.
    private TarGroup Sorted(string name)
    {
        byte[] names = [.. _names];
        ReadOnlySpan<byte> NameOf(int i) => names.AsSpan(_starts[i].._starts[i + 1]);
        int[] order = new int[_offsets.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => NameOf(a).SequenceCompareTo(NameOf(b)) is var c and not 0 ? c : b.CompareTo(a));
        int kept = 0;
        foreach (int i in order)
        {
            if (kept == 0 || !NameOf(order[kept - 1]).SequenceEqual(NameOf(i)))
            {
                order[kept++] = i;
            }
        }

        long[] offsets = new long[kept];
        int[] lengths = new int[kept], starts = new int[kept + 1];
        byte[] pool = new byte[names.Length];
        for (int k = 0; k < kept; k++)
        {
            (offsets[k], lengths[k]) = (_offsets[order[k]], _lengths[order[k]]);
            NameOf(order[k]).CopyTo(pool.AsSpan(starts[k]));
            starts[k + 1] = starts[k] + NameOf(order[k]).Length;
        }

        return new TarGroup(name, offsets, lengths, starts, pool);
    }
}
