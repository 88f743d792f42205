using System.Text.Json;
using System.Text.Json.Serialization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Everything needed to run a training again: written to recipe.json in the run's folder.</summary>
/// <remarks>The same seed, vector width (isa), kernel options and micro-batch give the same bits; threads and workers do not matter.</remarks>
public sealed record Recipe
{
    /// <summary>The fastest kernels.</summary>
    public const string DefaultKernels = "default";

    /// <summary>No approximate kernels.</summary>
    public const string ExactKernels = "exact";

    /// <summary>Version of Rectify that wrote it.</summary>
    public string Version { get; init; } = "";

    /// <summary>The command line.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Processor, cores and system.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Vector width of the kernels.</summary>
    public string Isa { get; init; } = "";

    /// <summary>default, or exact: without approximate kernels.</summary>
    public string Kernels { get; init; } = DefaultKernels;

    /// <summary>Compute threads; they do not change the bits.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Name of the model.</summary>
    public string Model { get; init; } = "small14";

    /// <summary>Factor on channels.</summary>
    public double Width { get; init; } = 1.0;

    /// <summary>Rows and columns of the crop.</summary>
    public int Size { get; init; } = 32;

    /// <summary>prelu, prelu-shared, relu, leaky.</summary>
    public string Activation { get; init; } = "prelu";

    /// <summary>Dropout of the hidden fully connected layers.</summary>
    public float Dropout { get; init; } = 0.5f;

    /// <summary>he-out, he-in, xavier, xavier-uniform, fixed:STD.</summary>
    public string Initialization { get; init; } = "he-out";

    /// <summary>Scale of the input.</summary>
    public string InputScale { get; init; } = Preprocessing.InputScale;

    /// <summary>per-pixel or per-channel.</summary>
    public string Mean { get; init; } = "per-pixel";

    /// <summary>Names of the classes in the order of the outputs.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Where the training images are, or "builtin:COUNT".</summary>
    public string Data { get; init; } = "";

    /// <summary>Where the validation images are, "split", "none" or "builtin:COUNT".</summary>
    public string Validation { get; init; } = "";

    /// <summary>How it is trained.</summary>
    public TrainerOptions Training { get; init; } = new();

    /// <summary>The network, its parameters zero.</summary>
    public Network BuildNetwork() => ModelBuilder.Build(Model, new ModelOptions
    {
        Classes = Classes.Count,
        Crop = Size,
        Width = Width,
        Activation = ActivationNames.Parse(Activation),
        Dropout = Dropout,
    });

    /// <summary>How its parameters start.</summary>
    public InitializationOptions BuildInitialization() => new() { Scheme = InitializationScheme.Parse(Initialization) };

    /// <summary>Writes recipe.json.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, RecipeJson.Default.Recipe));

    /// <summary>Reads recipe.json.</summary>
    /// <exception cref="RectifyException">The file is missing or broken.</exception>
    public static Recipe Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, RecipeJson.Default.Recipe) ?? throw new RectifyException($"{path} is empty.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RectifyException($"{path} is no recipe that can be read: {e.Message}", e);
        }
    }
}

/// <summary>How recipes are written as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class RecipeJson : JsonSerializerContext
{
}
