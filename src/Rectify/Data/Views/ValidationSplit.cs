using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Sets a part of each class aside for validation, the same part every time.</summary>
/// <remarks>
/// Within a class the samples are ordered by the SHA-256 of their path below the data set's root ("class/file.jpg"; the sample's name where there
/// is no such path), and
/// the first round(n · share) are for validation. So the choice depends on neither a seed nor where the folder lies, is the same for a folder and
/// for a
/// tar of it, and moves few samples across when pictures are added.
/// </remarks>
public static class ValidationSplit
{
    /// <summary>Splits a data set.</summary>
    /// <param name="data">The whole.</param>
    /// <param name="share">The part of each class that is for validation, between 0 and 1; at least one sample of a class goes to either
    /// side.</param>
    /// <returns>Two views, each in the order of the whole, which together hold each sample once.</returns>
    /// <exception cref="RectifyException">A class has a single picture, or <paramref name="share"/> is out of range.</exception>
    public static (SubsetDataset Train, SubsetDataset Validation) Create(IDataset data, double share = 0.1)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(share > 0 && share < 1))
        {
            throw new RectifyException($"The validation split: a share of {share} is asked for; choose one between 0 and 1, such as 0.1.");
        }

        string Key(int i) => (data as IKeyed)?.Key(i) ?? data.Name(i);
        List<(ulong Hash, int Index)>[] classes = new List<(ulong, int)>[data.Classes.Count];
        for (int i = 0; i < data.Count; i++)
        {
            (classes[data.Label(i)] ??= []).Add((Hash(Key(i)), i));
        }

        bool[] held = new bool[data.Count];
        for (int c = 0; c < classes.Length; c++)
        {
            if (classes[c] is not { } samples)
            {
                continue;
            }

            if (samples.Count == 1)
            {
                throw new RectifyException(
                    $"The validation split: the class \"{data.Classes[c]}\" has a single picture ({Key(samples[0].Index)}); add a second one, or name a "
                        + "validation set of its own.");
            }

            samples.Sort((a, b) => a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : string.CompareOrdinal(Key(a.Index), Key(b.Index)));
            int count = Math.Clamp((int)Math.Round(samples.Count * share, MidpointRounding.AwayFromZero), 1, samples.Count - 1);
            foreach ((_, int index) in samples[..count])
            {
                held[index] = true;
            }
        }

        int[] all = [.. Enumerable.Range(0, data.Count)];
        return (new SubsetDataset(data, Array.FindAll(all, i => !held[i])), new SubsetDataset(data, Array.FindAll(all, i => held[i])));
    }

    private static ulong Hash(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
