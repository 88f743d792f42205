using System.IO.Compression;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The files of ImageNet's devkit, from its folder or, without unpacking, from its archive.</summary>
/// <param name="Meta">meta.mat.</param>
/// <param name="MetaName">What to call it.</param>
/// <param name="Truth">The ground truth of the validation pictures.</param>
/// <param name="TruthName">What to call it.</param>
internal sealed record Devkit(byte[] Meta, string MetaName, byte[] Truth, string TruthName)
{
    /// <summary>The devkit's folder.</summary>
    public const string Folder = "ILSVRC2012_devkit_t12";

    /// <summary>The devkit's archive.</summary>
    public const string Archive = Folder + ".tar.gz";

    private const string MetaFile = "data/meta.mat";
    private const string TruthFile = "data/ILSVRC2012_validation_ground_truth.txt";

    // The largest honest file of these has 2 MB.
    private const int MaxFile = 8 << 20;

    // The archive decompresses to some megabytes; more than this is none of ImageNet's.
    private const long MaxArchive = 256L << 20;

    /// <summary>Whether a folder's name is the devkit's.</summary>
    public static bool IsFolder(string name) => name.Equals(Folder, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the devkit that lies in a folder; null where there is none.</summary>
    /// <exception cref="RectifyException">There is one, and it is damaged or lacks a file.</exception>
    public static Devkit? In(string folder)
    {
        string unpacked = Path.Combine(folder, Folder), archive = Path.Combine(folder, Archive);
        try
        {
            if (Directory.Exists(unpacked))
            {
                // Unpacked there, or unpacked into a folder that was made for it.
                string root = Directory.Exists(Path.Combine(unpacked, Folder)) ? Path.Combine(unpacked, Folder) : unpacked;
                string meta = Path.Combine(root, MetaFile), truth = Path.Combine(root, TruthFile);
                return new Devkit(ReadFile(meta), meta, ReadFile(truth), truth);
            }

            return File.Exists(archive) ? ReadArchive(archive) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"The devkit in {folder} cannot be read: {e.Message.TrimEnd('.')}; check that it may be read.", e);
        }
    }

    private static byte[] ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw Incomplete(path);
        }

        using FileStream stream = File.OpenRead(path);
        return BoundedRead.All(stream, MaxFile, () => TooLong(path), e => Damaged(path, e.Message));
    }

    private static Devkit ReadArchive(string path)
    {
        byte[]? meta = null, truth = null;
        using FileStream file = File.OpenRead(path);
        using GZipStream stream = new(file, CompressionMode.Decompress);
        byte[] block = new byte[TarScan.Block];
        long passed = 0;
        try
        {
            while ((meta is null || truth is null) && stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) == block.Length
                && block.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
            {
                long size = TarScan.Number(block.AsSpan(124, 12));
                if (TarScan.Number(block.AsSpan(148, 8)) != TarScan.Checksum(block) || size < 0 || (passed += size + block.Length) > MaxArchive)
                {
                    throw Damaged(path, "what it decompresses to is no tar of a devkit");
                }

                string name = Encoding.UTF8.GetString(TarScan.NameIn(block));
                long padding = (TarScan.Block - (size % TarScan.Block)) % TarScan.Block;
                if (name.EndsWith(MetaFile, StringComparison.Ordinal))
                {
                    meta = Take(stream, size, path);
                }
                else if (name.EndsWith(TruthFile, StringComparison.Ordinal))
                {
                    truth = Take(stream, size, path);
                }
                else
                {
                    padding += size;
                }

                Skip(stream, padding);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(path, e.Message);
        }

        string metaName = $"{path}/{Folder}/{MetaFile}", truthName = $"{path}/{Folder}/{TruthFile}";
        return new Devkit(meta ?? throw Incomplete(metaName), metaName, truth ?? throw Incomplete(truthName), truthName);
    }

    private static byte[] Take(Stream stream, long size, string path)
    {
        byte[] content = new byte[size <= MaxFile ? size : throw TooLong(path)];
        stream.ReadExactly(content);
        return content;
    }

    private static void Skip(Stream stream, long count)
    {
        byte[] scratch = new byte[Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            int now = (int)Math.Min(count, scratch.Length);
            stream.ReadExactly(scratch.AsSpan(0, now));
            count -= now;
        }
    }

    private static RectifyException Incomplete(string path) => new($"{path} is missing; download {Archive} from ImageNet again and leave it as it is.");

    private static RectifyException TooLong(string path) => new($"{path} is far larger than ImageNet's; download {Archive} again.");

    private static RectifyException Damaged(string path, string why) => new($"{path} is damaged: {why.TrimEnd('.')}; download {Archive} again.");
}
