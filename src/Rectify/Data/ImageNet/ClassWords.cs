using System.Globalization;
using System.Text;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>What classes are called by people, where their names are ids: a text file with a line "n01440764 tench, Tinca tinca" for each.</summary>
public static class ClassWords
{
    /// <summary>The file's name, beside a data set and in a run's folder.</summary>
    public const string FileName = "synset_words.txt";

    private const long MaxBytes = 16L << 20;

    /// <summary>Reads a file.</summary>
    /// <returns>Words by id; empty where there is no file.</returns>
    /// <exception cref="RectifyException">The file cannot be read, or a line is not ID WORDS.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        Dictionary<string, string> words = new(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return words;
        }

        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new RectifyException($"{path} is far too long; write a line ID WORDS for each class, or remove it.");
            }

            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                int blank = line.AsSpan().IndexOfAny(' ', '\t');
                if (line.Trim().Length > 0 && (blank <= 0 || !words.TryAdd(line[..blank], line[(blank + 1)..].Trim())))
                {
                    throw new RectifyException(string.Create(
                        CultureInfo.InvariantCulture, $"{path}, line {number}, {(blank <= 0 ? "is not ID WORDS" : $"names {line[..blank]} again")}; mend it or remove the file."));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}; check that it may be read, or remove it.", e);
        }

        return words;
    }

    /// <summary>The words that belong to data: of synset_words.txt in the folder, or beside the file; else those of ImageNet's devkit there; else none.</summary>
    /// <param name="data">A data set's folder or file.</param>
    /// <exception cref="RectifyException">synset_words.txt or the devkit cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Beside(string data)
    {
        string folder = Directory.Exists(data) ? data : Path.GetDirectoryName(Path.GetFullPath(data)) ?? "";
        return Read(Path.Combine(folder, FileName)) is { Count: > 0 } read ? read
            : Devkit.In(folder) is { } devkit ? SynsetTable.Read(devkit.Meta, devkit.MetaName).Words
            : new Dictionary<string, string>();
    }

    /// <summary>A class for people: "n01440764 tench", with the first of its words; the name alone where there are none.</summary>
    public static string Label(string name, IReadOnlyDictionary<string, string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.TryGetValue(name, out string? all) && all.Length > 0 ? $"{name} {all.Split(',')[0]}" : name;
    }

    /// <summary>Writes a file with the words of some classes; nothing where none of them has any.</summary>
    /// <param name="path">Where.</param>
    /// <param name="classes">The classes, in order.</param>
    /// <param name="words">Words by class.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> classes, IReadOnlyDictionary<string, string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string text = string.Concat(classes.Where(words.ContainsKey).Select(c => $"{c} {words[c]}\n"));
        if (text.Length > 0)
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }
    }
}
