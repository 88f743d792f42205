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

    private const int NewestFormat = 2;
    private const int MostClasses = 1 << 20;

    /// <summary>Version of this file's form.</summary>
    public int FormatVersion { get; init; } = NewestFormat;

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

    /// <summary>he-out, he-in, xavier, xavier-uniform, orthogonal, lsuv, fixed:STD.</summary>
    public string Initialization { get; init; } = "he-out";

    /// <summary>Std of the fully connected layers' weights but the last's.</summary>
    public double FcStd { get; init; } = InitializationOptions.Paper.LinearStd;

    /// <summary>Std of the last fully connected layer's weights.</summary>
    public double LastFcStd { get; init; } = InitializationOptions.Paper.LastLinearStd;

    /// <summary>The weights file from which it begins; empty for weights drawn anew. See <see cref="WarmStart"/>.</summary>
    public string From { get; init; } = "";

    /// <summary>That file's SHA-256; empty if it is not to be checked.</summary>
    public string FromChecksum { get; init; } = "";

    /// <summary>Scale of the input.</summary>
    public string InputScale { get; init; } = Preprocessing.InputScale;

    /// <summary>per-pixel or per-channel.</summary>
    public string Mean { get; init; } = "per-pixel";

    /// <summary>How training pictures are varied; a recipe that does not say so has the defaults.</summary>
    public Augmentation Augmentation { get; init => field = value ?? new(); } = new();

    /// <summary><see cref="Mean"/> as a kind.</summary>
    [JsonIgnore]
    public MeanKind MeanKind => Mean == "per-channel" ? MeanKind.PerChannel : MeanKind.PerPixel;

    /// <summary>Names of the classes in the order of the outputs.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Where the training images are, or "builtin:COUNT".</summary>
    public string Data { get; init; } = "";

    /// <summary>Where the validation images are, "split", "none" or "builtin:COUNT".</summary>
    public string Validation { get; init; } = "";

    /// <summary>Fingerprint of the training images; empty where they have none.</summary>
    public string DataFingerprint { get; init; } = "";

    /// <summary>Fingerprint of the validation images; empty without them.</summary>
    public string ValidationFingerprint { get; init; } = "";

    /// <summary>The file of statistics from which the mean was taken; empty where it was computed.</summary>
    public string Statistics { get; init; } = "";

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
    public InitializationOptions BuildInitialization() => new()
    {
        Scheme = InitializationScheme.Parse(Initialization),
        LinearStd = FcStd,
        LastLinearStd = LastFcStd,
    };

    /// <summary>Writes recipe.json.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, RecipeJson.Default.Recipe));

    /// <summary>Reads recipe.json.</summary>
    /// <exception cref="RectifyException">The file is missing, broken, of a later version or asks for what cannot be.</exception>
    public static Recipe Load(string path)
    {
        Recipe recipe = RecipeFile.Read(path, strict: false).Recipe;
        recipe.CheckValues(path);
        recipe.CheckClasses(path);
        return recipe;
    }

    /// <summary>Refuses what cannot be: a recipe may have been edited by hand, or be damaged. It need not have classes yet.</summary>
    internal void CheckValues(string path)
    {
        if (FormatVersion > NewestFormat)
        {
            throw new RectifyException($"{path} was written by a later version of Rectify (format {FormatVersion}, this one reads {NewestFormat}); update Rectify.");
        }

        void Require(bool holds, string what) => Recipe.Require(holds, path, what);

        Require(Model is not null && Activation is not null && Initialization is not null && Mean is not null, "model, activation, initialization or mean is null");
        Require(FormatVersion >= 1 && Isa is not null && Mean is "per-pixel" or "per-channel", "its formatVersion, isa or mean is none that there is");
        Require(
            Data is not null && Validation is not null && DataFingerprint is not null && ValidationFingerprint is not null && Statistics is not null,
            "data, validation, a fingerprint or statistics is null");
        Require(Training is { LearningRateDrops: not null, Freeze: not null }, "training, its learningRateDrops or freeze is null");
        Require(From is not null && FromChecksum is not null && Augmentation is not null, "from, fromChecksum or augmentation is null");
        Require(
            Classes is not null && Classes.All(name => name is not null) && Classes.Distinct(StringComparer.Ordinal).Count() == Classes.Count, "a class is null or there twice");
        Require(double.IsFinite(FcStd) && FcStd > 0 && double.IsFinite(LastFcStd) && LastFcStd > 0, "fcStd or lastFcStd is no positive number");
        Require(Kernels is DefaultKernels or ExactKernels, $"its kernels are '{Kernels}'");
        Require(InputScale == Preprocessing.InputScale, $"its inputScale is '{InputScale}', and this version knows '{Preprocessing.InputScale}'");
        try
        {
            Training!.Validate();
            Augmentation!.Validate(Size);
            _ = BuildInitialization();
            _ = ModelCatalog.Find(Model!);
            _ = ActivationNames.Parse(Activation!);
            Require(double.IsFinite(Width) && Width is > 0 and <= 64 && Size is >= 1 and <= 1 << 14, "its width or size is out of range");
        }
        catch (UsageException e)
        {
            Require(false, e.Message.TrimEnd('.'));
        }
    }

    private void CheckClasses(string path) => Require(Classes is { Count: > 1 and <= MostClasses }, path, $"it needs between 2 and {MostClasses} classes");

    private static void Require(bool holds, string path, string what)
    {
        if (!holds)
        {
            throw new RectifyException($"{path} is no recipe that can be used: {what}; mend it, take it from a copy of the run, or train anew.");
        }
    }
}

/// <summary>How recipes are written as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class RecipeJson : JsonSerializerContext
{
}
