using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>The pictures of a set as they are packed. Thread-safe.</summary>
internal sealed class PackedPictures(IDataset data, PackOptions options)
{
    private const int TarHeaders = 1024;
    private static readonly string[][] Formats = [[".jpg", ".jpeg"], [".png"], [".ppm"]];

    /// <summary>Refuses classes that cannot be folders of a shard: read again, they would be others.</summary>
    /// <exception cref="RectifyException">A name is empty, begins with a dot or holds a slash.</exception>
    public static void CheckClasses(IReadOnlyList<string> classes)
    {
        foreach (string name in classes)
        {
            string? why = name.Length == 0 ? "is empty" : name[0] == '.' ? "begins with a dot" : name.AsSpan().ContainsAny('/', '\\') ? "holds a slash" : null;
            if (why is not null)
            {
                throw new RectifyException($"The class '{name}' cannot be a folder of the pack, for its name {why}; rename the class.");
            }
        }
    }

    /// <summary>A picture's path in its shard and its file, or why there is none.</summary>
    public (string Path, byte[]? File, SampleFailure? Failure) Make(int index)
    {
        try
        {
            // Decoded also where the file is kept: what cannot be read is found now.
            RgbImage image = data.Read(index, options.Scale);
            bool fits = Math.Min(image.WholeWidth, image.WholeHeight) <= options.Scale;
            return fits && options.Encoder.KeepsFiles && data is IEncodedDataset files
                ? (PathOf(index, Path.GetExtension(data.Name(index))), files.ReadFile(index), null)
                : (PathOf(index, options.Encoder.Extension), options.Encoder.Encode(fits ? image : Resize.ShorterSide(image, options.Scale)), null);
        }
        catch (RectifyException e)
        {
            string name = data.Name(index);
            return ("", null, new SampleFailure(index, name, e.Message.Contains(name, StringComparison.Ordinal) ? e.Message : $"{name}: {e.Message}"));
        }
    }

    /// <summary>Bytes of a picture in a shard, by some that are evenly spread over the set.</summary>
    public long MeanBytes(int samples)
    {
        samples = Math.Min(samples, data.Count);
        long sum = 0;
        for (int i = 0; i < samples; i++)
        {
            sum += TarHeaders + (Make((int)((long)i * data.Count / samples)).File?.Length ?? 0);
        }

        return sum / samples;
    }

    // "class/…/name" as in the set, or "class/number" where its paths do not begin with the class; with the extension of another format behind it.
    private string PathOf(int index, string extension)
    {
        string folder = data.Classes[data.Label(index)] + "/";
        string path = (data as IKeyed)?.Key(index) is { } key && key.StartsWith(folder, StringComparison.Ordinal)
            ? key
            : folder + index.ToString("0000000", CultureInfo.InvariantCulture);
        string[] format = Formats.FirstOrDefault(f => f.Contains(extension, StringComparer.OrdinalIgnoreCase)) ?? Formats[0];
        return format.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? path : path + format[0];
    }
}
