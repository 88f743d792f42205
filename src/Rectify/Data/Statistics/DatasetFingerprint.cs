using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Tells data sets apart without reading them.</summary>
/// <remarks>
/// <para>Covered: the names of the classes and their order; for each sample, in order, its key (the path below the set's root; index and kind for built-in and
/// CIFAR pictures), its label and its stored length in bytes. So a picture that is added, removed, renamed, moved to another class or replaced by one of
/// another length changes the fingerprint, as does an order or a choice of samples.</para>
/// <para>Not covered: what is in the files. A picture that is edited without changing its length goes unseen. Nor where the set lies or how it is stored: a
/// folder, the same folder elsewhere, and a .tar of it have the same fingerprint.</para>
/// <para>Costs one look at each file's length.</para>
/// </remarks>
public static class DatasetFingerprint
{
    /// <summary>The version of the rules, with which each fingerprint begins; fingerprints of other versions cannot be compared.</summary>
    public const string Version = "1";

    /// <summary>The fingerprint: version, colon, 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="RectifyException">A file's length cannot be found out.</exception>
    public static string Compute(IDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, data.Classes.Count);
        foreach (string name in data.Classes)
        {
            Append(hash, name);
        }

        Append(hash, data.Count);
        for (int i = 0; i < data.Count; i++)
        {
            (IDataset root, int index) = Root(data, i);
            Append(hash, (root as IKeyed)?.Key(index) ?? root.Name(index));
            Append(hash, data.Label(i));
            Append(hash, Length(root, index));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Version}:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    private static (IDataset Data, int Index) Root(IDataset data, int index)
    {
        while (data is IDatasetView view)
        {
            (data, index) = (view.Whole, view.IndexInWhole(index));
        }

        return (data, index);
    }

    private static long Length(IDataset data, int index) => data switch
    {
        IEncodedDataset files => files.FileLength(index),
        IRecordDataset records => records.RecordLength,
        _ => -1,
    };

    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
