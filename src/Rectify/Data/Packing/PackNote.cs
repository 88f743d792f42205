using System.Text.Json;
using System.Text.Json.Serialization;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>What a folder of shards is packed from: pack.json, by which packing that was interrupted goes on and another one is refused.</summary>
/// <param name="Fingerprint"><see cref="DatasetFingerprint"/> of the data set.</param>
/// <param name="Scale">The largest shorter side.</param>
/// <param name="Encoding">The encoder's description.</param>
/// <param name="Shards">How many shards there are to be.</param>
internal sealed record PackNote(string Fingerprint, int Scale, string Encoding, int Shards)
{
    private const string Name = "pack.json";

    /// <summary>Writes the note into an empty folder, or finds one there that differs in nothing but the number of shards, which is guessed anew each time.</summary>
    /// <returns>How many shards there are to be.</returns>
    /// <exception cref="RectifyException">The folder holds something else.</exception>
    public int Claim(string folder)
    {
        Directory.CreateDirectory(folder);
        _ = AtomicFile.DeleteLeftovers(folder);
        string path = Path.Combine(folder, Name);
        if (File.Exists(path))
        {
            return Read(path) is { Shards: > 0 } there && there with { Shards = Shards } == this
                ? there.Shards
                : throw new RectifyException($"{folder} holds a pack of other pictures, or one made with other options; choose another --out, or remove that folder.");
        }

        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new RectifyException($"{folder} is not empty and holds no pack that could go on; choose another --out.");
        }

        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, PackNoteJson.Default.PackNote));
        return Shards;
    }

    private static PackNote? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), PackNoteJson.Default.PackNote);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How the note is written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PackNote))]
internal sealed partial class PackNoteJson : JsonSerializerContext
{
}
