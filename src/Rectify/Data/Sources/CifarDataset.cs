using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>CIFAR's binary files: records of 32×32 pictures, a plane of 1024 bytes for each of red, green and blue, behind their labels.</summary>
/// <remarks>
/// <para>CIFAR-10: one label byte (3073 bytes a record), names in batches.meta.txt. CIFAR-100: coarse and fine label (3074 bytes), names in
/// fine_label_names.txt; the fine label is the class. The file of names lies beside the records.</para>
/// <para>Samples are numbered file by file in the order given, in a file as they are stored; classes by the ordinal order of their names.</para>
/// </remarks>
public sealed class CifarDataset : IDataset, IKeyed, IRecordDataset, IDisposable
{
    internal const string TestBatch = "test_batch.bin", Train100 = "train.bin", Test100 = "test.bin";

    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int CoarseClasses = 20;

    // Three hundred thousand times what CIFAR has: larger files are something else.
    private const long MaxFile = 4L << 30;

    private readonly string[] _paths;
    private readonly SafeFileHandle[] _files;
    private readonly int[] _first;
    private readonly byte[] _labels;
    private readonly int _labelBytes;

    /// <summary>Opens files of records, reads their labels, and keeps them open until disposal.</summary>
    /// <param name="paths">The files, in order; all in one folder.</param>
    /// <param name="fine">Whether they are CIFAR-100's.</param>
    /// <exception cref="RectifyException">A file is missing, is not a whole number of records, or has a label out of range; the names are missing or
    /// not distinct.</exception>
    public CifarDataset(IReadOnlyList<string> paths, bool fine)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        _paths = [.. paths];
        _labelBytes = fine ? 2 : 1;
        (string[] names, byte[] map) = CifarNames.Read(Path.GetDirectoryName(_paths[0]) ?? "", fine);
        Classes = names;
        _files = new SafeFileHandle[_paths.Length];
        _first = new int[_paths.Length + 1];
        try
        {
            for (int f = 0; f < _files.Length; f++)
            {
                _files[f] = Open(_paths[f]);
                _first[f + 1] = checked(_first[f] + Records(_paths[f], RandomAccess.GetLength(_files[f])));
            }

            _labels = new byte[Count];
            for (int i = 0; i < Count; i++)
            {
                _labels[i] = map[ReadLabel(i, map.Length)];
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Count => _first[^1];

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public int RecordLength => _labelBytes + (3 * Plane);

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Name(int index)
    {
        (int file, int record) = Place(index);
        return string.Create(CultureInfo.InvariantCulture, $"{_paths[file]} record {record}");
    }

    /// <inheritdoc/>
    public RgbImage Read(int index, int shorterSide = 0)
    {
        Span<byte> planes = stackalloc byte[3 * Plane];
        Read(index, _labelBytes, planes);
        byte[] pixels = new byte[3 * Plane];
        for (int i = 0; i < Plane; i++)
        {
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (planes[i], planes[Plane + i], planes[(2 * Plane) + i]);
        }

        return new RgbImage(Side, Side, pixels);
    }

    /// <inheritdoc/>
    string IKeyed.Key(int index)
    {
        (int file, int record) = Place(index);
        return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(_paths[file])}#{record}");
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => Array.ForEach(_files, f => f?.Dispose());

    internal static bool IsTrainingBatch(string name) =>
        name.StartsWith("data_batch_", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal);

    // A .bin by its name, else by what lies beside it, else by its length.
    internal static DatasetKind KindOf(string path)
    {
        string name = Path.GetFileName(path);
        string folder = Path.GetDirectoryName(path) ?? "";
        bool ten = File.Exists(Path.Combine(folder, CifarNames.File10)), hundred = File.Exists(Path.Combine(folder, CifarNames.File100));
        return IsTrainingBatch(name) || name == TestBatch ? DatasetKind.Cifar10
            : name is Train100 or Test100 ? DatasetKind.Cifar100
            : ten != hundred ? (ten ? DatasetKind.Cifar10 : DatasetKind.Cifar100)
            : throw new RectifyException(
                $"{path} is a .bin of which it is unclear whether it is CIFAR-10's or CIFAR-100's; put {CifarNames.File10} or {CifarNames.File100} beside it.");
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be opened: {e.Message.TrimEnd('.')}; check that it is there and may be read.", e);
        }
    }

    private int Records(string path, long length) => length > 0 && length <= MaxFile && length % RecordLength == 0
        ? (int)(length / RecordLength)
        : throw new RectifyException(
            $"{path} has {length} bytes, which is no whole number of CIFAR-{(_labelBytes == 1 ? "10" : "100")}'s records of {RecordLength} bytes"
            + $"{(length > MaxFile ? " that is at all likely" : "")}; unpack the archive again.");

    private int ReadLabel(int index, int classes)
    {
        Span<byte> bytes = stackalloc byte[2];
        bytes = bytes[.._labelBytes];
        Read(index, 0, bytes);
        if (_labelBytes == 2 && bytes[0] >= CoarseClasses)
        {
            throw new RectifyException($"{Name(index)} has the coarse label {bytes[0]}, and there are {CoarseClasses}; unpack the archive again.");
        }

        return bytes[^1] < classes
            ? bytes[^1]
            : throw new RectifyException($"{Name(index)} has the label {bytes[^1]}, and there are {classes} classes; unpack the archive again.");
    }

    private void Read(int index, int offset, Span<byte> bytes)
    {
        (int file, int record) = Place(index);
        try
        {
            int read = 0, now;
            while (read < bytes.Length
                && (now = RandomAccess.Read(_files[file], bytes[read..], ((long)record * RecordLength) + offset + read)) > 0)
            {
                read += now;
            }

            if (read < bytes.Length)
            {
                throw new RectifyException($"{_paths[file]} has become shorter since it was opened; unpack the archive again.");
            }
        }
        catch (IOException e)
        {
            throw new RectifyException($"{Name(index)} cannot be read: {e.Message.TrimEnd('.')}; check the disk.", e);
        }
    }

    private (int File, int Record) Place(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        int file = 0;
        while (index >= _first[file + 1])
        {
            file++;
        }

        return (file, index - _first[file]);
    }
}
