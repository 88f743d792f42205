using System.Text;
using System.Text.Json;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>The header of a safetensors file, parsed and checked.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const int LargestHeader = 100_000_000;

    /// <summary>Whole numbers of 32 bits with a sign.</summary>
    public const string Integers = "I32";

    /// <summary>Whole numbers of 8 bits without a sign.</summary>
    public const string Bytes = "U8";

    /// <summary>Whole numbers of 64 bits: files of others have such tensors, and they are passed over.</summary>
    public const string Longs = "I64";

    /// <summary>Parses a header.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="header">The JSON text.</param>
    /// <param name="dataLength">Bytes of the file after the header.</param>
    public static SafetensorsHeader Parse(string path, byte[] header, long dataLength)
    {
        if (header.Length == 0 || header[0] != (byte)'{')
        {
            throw Broken(path, "its header does not begin with '{'");
        }

        List<SafetensorsEntry> entries = [];
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        try
        {
            // Strict UTF-8 before the parser, which would replace what it cannot read.
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(header);
            using JsonDocument document = JsonDocument.Parse(text);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw Broken(path, $"it has '{property.Name}' twice");
                }

                if (property.Name == "__metadata__")
                {
                    foreach (JsonProperty item in property.Value.EnumerateObject())
                    {
                        metadata[item.Name] = item.Value.GetString() ?? throw Broken(path, $"its metadata '{item.Name}' is no text");
                    }
                }
                else
                {
                    entries.Add(Entry(path, property));
                }
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Broken(path, $"its header cannot be read ({e.Message})", e);
        }

        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        CheckCoverage(path, entries, dataLength);
        return new SafetensorsHeader(entries, metadata);
    }

    public static int ElementSize(string dataType) => dataType switch { "F64" or Longs => 8, "F32" or Integers => 4, "F16" or "BF16" => 2, Bytes => 1, _ => 0 };

    private static SafetensorsEntry Entry(string path, JsonProperty property)
    {
        string dataType = property.Value.GetProperty("dtype").GetString() ?? "";
        int[] dimensions = [.. property.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        if (ElementSize(dataType) == 0)
        {
            throw Broken(path, $"'{property.Name}' has the element type '{dataType}'; F64, F32, F16, BF16, I64, I32 and U8 are known");
        }

        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || dimensions.Any(d => d < 0))
        {
            throw Broken(path, $"'{property.Name}' has impossible offsets or dimensions");
        }

        SafetensorsEntry entry = new(property.Name, dataType, dimensions, offsets[0], offsets[1]);
        return checked(entry.Count * ElementSize(dataType)) == offsets[1] - offsets[0]
            ? entry
            : throw Broken(path, $"'{property.Name}' of shape [{string.Join(',', dimensions)}] cannot take {offsets[1] - offsets[0]} bytes");
    }

    private static void CheckCoverage(string path, List<SafetensorsEntry> entries, long dataLength)
    {
        long at = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != at)
            {
                throw Broken(path, $"'{entry.Name}' begins at {entry.Begin} where {at} is due: an overlap or a hole");
            }

            at = entry.End;
        }

        if (at != dataLength)
        {
            throw Broken(path, $"its tensors take {at} bytes and the file holds {dataLength}; it is cut off or has a tail");
        }
    }

    private static RectifyException Broken(string path, string what, Exception? inner = null) =>
        inner is null ? new RectifyException($"{path} is no whole safetensors file: {what}.") : new RectifyException($"{path} is no whole safetensors file: {what}.", inner);
}
