namespace Rectify.Reproduction;

/// <summary>The pictures of a scale.</summary>
/// <param name="Training">Where the training images are, as in a recipe.</param>
/// <param name="Validation">Where the validation images are, as in a recipe; never the test images, unless there are no others.</param>
/// <param name="TrainingFingerprint">Fingerprint of the training images; empty for built-in ones.</param>
/// <param name="ValidationFingerprint">Fingerprint of the validation images; empty for built-in ones.</param>
public sealed record ReproductionData(string Training, string Validation, string TrainingFingerprint = "", string ValidationFingerprint = "")
{
    /// <summary>The value that stands for built-in pictures.</summary>
    public const string Builtin = "builtin";

    /// <summary>The built-in pictures.</summary>
    public static ReproductionData OfBuiltin { get; } = new(Builtin, Builtin);

    /// <summary>Training images; where the data has not been opened, those that the scale has as a rule.</summary>
    public int Images { get; init; } = 20_000;

    /// <summary>Validation images, likewise.</summary>
    public int ValidationImages { get; init; } = 2_000;

    /// <summary>What a scale's data is like while it is not at hand: for estimates.</summary>
    public static ReproductionData Assumed(ReproductionScale scale) => scale switch
    {
        ReproductionScale.Builtin => OfBuiltin,
        ReproductionScale.Cifar => OfBuiltin with { Images = 45_000, ValidationImages = 5_000 },
        ReproductionScale.Photos => OfBuiltin with { Images = 3_000, ValidationImages = 300 },
        _ => OfBuiltin with { Images = 1_281_167, ValidationImages = 50_000 },
    };
}
