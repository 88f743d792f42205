using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>What exported files say of a network besides its weights: text by key, as in docs/formats.md.</summary>
public static class NetworkMetadata
{
    /// <summary>The model's name.</summary>
    public const string Model = "rectify.model";

    /// <summary>The factor on its channels.</summary>
    public const string Width = "rectify.width";

    /// <summary>Its rectifiers.</summary>
    public const string Activation = "rectify.activation";

    /// <summary>Rows and columns of the crop that it was trained on.</summary>
    public const string Crop = "rectify.crop";

    /// <summary>The shorter side to which a picture is resized before the center crop.</summary>
    public const string Scale = "rectify.scale";

    /// <summary>A JSON array of the classes, in the order of the outputs.</summary>
    public const string Classes = "rectify.classes";

    /// <summary>What its input is.</summary>
    public const string Input = "rectify.input";

    /// <summary>per-pixel or per-channel.</summary>
    public const string MeanKind = "rectify.mean.kind";

    /// <summary>The mean's red, green and blue, in 0..255; of a mean image the mean over all its pixels.</summary>
    public const string Mean = "rectify.mean";

    private const string Version = "rectify.version";
    private const int Colours = 3;

    /// <summary>The entries of a network.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="input">What its input is, in words.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(TrainedNetwork trained, string input)
    {
        ArgumentNullException.ThrowIfNull(trained);
        Recipe recipe = trained.Recipe;
        (float red, float green, float blue) = trained.Mean.Channels;
        return
        [
            new(Version, typeof(NetworkMetadata).Assembly.GetName().Version?.ToString(3) ?? ""),
            new(Model, recipe.Model),
            new(Width, recipe.Width.ToString(CultureInfo.InvariantCulture)),
            new(Activation, recipe.Activation),
            new(Crop, recipe.Size.ToString(CultureInfo.InvariantCulture)),
            new(Scale, new Preprocessing(recipe.Size).EvaluationScale.ToString(CultureInfo.InvariantCulture)),
            new(Classes, new JsonArray([.. recipe.Classes.Select(name => (JsonNode)JsonValue.Create(name))]).ToJsonString()),
            new(Input, input),
            new(MeanKind, trained.Mean.Kind == Data.MeanKind.PerChannel ? "per-channel" : "per-pixel"),
            new(Mean, string.Create(CultureInfo.InvariantCulture, $"{red},{green},{blue}")),
        ];
    }

    /// <summary>The classes that metadata names; null where it names none.</summary>
    /// <exception cref="RectifyException">The entry is no JSON array of strings.</exception>
    public static IReadOnlyList<string>? ClassesOf(string path, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(Classes, out string? text))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(name => name.GetString() ?? throw new FormatException("a name is null"))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new RectifyException($"{path}: its metadata '{Classes}' is no JSON array of strings; name the classes with --classes.", e);
        }
    }

    /// <summary>The mean that metadata names, one number a channel; null where it names none.</summary>
    /// <exception cref="RectifyException">The entry is not three numbers.</exception>
    public static MeanImage? MeanOf(string path, IReadOnlyDictionary<string, string> metadata, int size)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(Mean, out string? text))
        {
            return null;
        }

        float[] values = [.. text.Split(',').Select(part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN)];
        return values.Length == Colours && values.All(float.IsFinite)
            ? new MeanImage(size, Data.MeanKind.PerChannel, values)
            : throw new RectifyException($"{path}: its metadata '{Mean}' is '{text}' where three numbers are due; give the mean with --mean.");
    }
}
