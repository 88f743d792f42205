using System.Formats.Tar;
using Rectify.Formats;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Packs a data set into shards: plain tars of class folders, the pictures made smaller once. For disks that are slow with many small files, and for large
/// photos, of which training would decode far more than it sees.</summary>
/// <remarks>
/// <para>Picture i goes into shard i mod n, under its own path below the set's root, so the shards together are the same set in the same order and unpacked in one
/// place they are its folder. A picture whose file is not of the encoder's format gets its extension behind its name.</para>
/// <para>A picture that is no larger than the scale stays as it is to the byte where the encoder keeps files; others are decoded, made smaller and encoded.</para>
/// <para>Each shard is whole or not there. Packing that was interrupted goes on with the shards that are missing, and makes those anew of which a picture could not
/// be read. The same data and options give the same bytes for any number of threads.</para>
/// </remarks>
public static class DatasetPack
{
    // So many pictures a thread are encoded before they are written.
    private const int AheadPerThread = 16;
    private const int Samples = 32;
    private const int MostShards = 99_999;

    /// <summary>Packs a set into a folder.</summary>
    /// <param name="data">The set.</param>
    /// <param name="folder">Where the shards go; made where it is not there.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how many pictures of how many are done.</param>
    /// <param name="cancellation">Stops after the pictures at hand; whole shards stay.</param>
    /// <exception cref="RectifyException">The folder holds something else, none of the pictures can be read, or a class's name cannot be that of a folder.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static PackResult Write(IDataset data, string folder, PackOptions options, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Scale, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ShardBytes, nameof(options));
        PackedPictures.CheckClasses(data.Classes);
        PackedPictures pictures = new(data, options);
        int shards = (int)Math.Clamp((pictures.MeanBytes(Samples) * data.Count / options.ShardBytes) + 1, 1, Math.Min(MostShards, data.Count));
        shards = new PackNote(DatasetFingerprint.Compute(data), options.Scale, options.Encoder.Description, shards).Claim(folder);
        using Workers workers = new(options.Threads);
        List<SampleFailure> failures = [];
        int kept = 0, done = 0;
        long bytes = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            string path = Path.Combine(folder, ShardNames.Of(shard, shards));
            int[] indices = [.. Enumerable.Range(0, (data.Count - shard + shards - 1) / shards).Select(i => shard + (i * shards))];
            if (IsWhole(path, indices.Length))
            {
                kept++;
                done += indices.Length;
            }
            else
            {
                AtomicFile.Write(path, stream => WriteShard(stream, pictures, indices, workers, failures, count => progress?.Invoke(done += count, data.Count), cancellation));
            }

            bytes += new FileInfo(path).Length;
        }

        return failures.Count < data.Count
            ? new PackResult(data.Count - failures.Count, bytes, shards, kept, failures)
            : throw new RectifyException($"None of the {data.Count} pictures could be read; the first: {failures[0].Reason}");
    }

    private static void WriteShard(
        Stream stream, PackedPictures pictures, int[] indices, Workers workers, List<SampleFailure> failures, Action<int> progress, CancellationToken cancellation)
    {
        using TarWriter tar = new(stream, TarEntryFormat.Gnu, leaveOpen: true);
        int ahead = AheadPerThread * workers.Count;
        (string Path, byte[]? File, SampleFailure? Failure)[] made = new (string, byte[]?, SampleFailure?)[ahead];
        for (int begin = 0; begin < indices.Length; begin += ahead)
        {
            int from = begin, count = Math.Min(ahead, indices.Length - begin);
            ParallelLoop.Run(workers, count, (i, _) => made[i] = pictures.Make(indices[from + i]));
            for (int i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (made[i].File is not { } file)
                {
                    failures.Add(made[i].Failure!);
                    continue;
                }

                // A fixed time: the same pictures give the same bytes.
                using MemoryStream content = new(file);
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, made[i].Path) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch });
            }

            progress(count);
        }
    }

    private static bool IsWhole(string path, int count)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Dictionary<string, (long Offset, long Length)> files = new(StringComparer.Ordinal);
        TarDataset.Index(path, [], files);
        return files.Count == count;
    }
}
