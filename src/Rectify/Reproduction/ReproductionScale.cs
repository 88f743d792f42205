using Rectify.Tensors;

namespace Rectify.Reproduction;

/// <summary>How large an experiment is run: from pictures that need no data to the paper's own setting.</summary>
public enum ReproductionScale
{
    /// <summary>Built-in pictures of 32×32, ten shapes: needs no data.</summary>
    Builtin,

    /// <summary>CIFAR-10.</summary>
    Cifar,

    /// <summary>Class folders of photos, crops of 224.</summary>
    Photos,

    /// <summary>The paper's: ImageNet 2012 at full width.</summary>
    ImageNet,
}

/// <summary>How the command writes the scales.</summary>
public static class ReproductionScales
{
    /// <summary>All names.</summary>
    public const string Names = "builtin, cifar, photos, imagenet";

    /// <summary>Reads a name.</summary>
    /// <exception cref="UsageException">It is none of <see cref="Names"/>.</exception>
    public static ReproductionScale Parse(string text) => text switch
    {
        "builtin" => ReproductionScale.Builtin,
        "cifar" => ReproductionScale.Cifar,
        "photos" => ReproductionScale.Photos,
        "imagenet" => ReproductionScale.ImageNet,
        _ => throw new UsageException($"--scale {text}: choose one of {Names}."),
    };

    /// <summary>Writes a name.</summary>
    public static string NameOf(ReproductionScale scale) => scale switch
    {
        ReproductionScale.Builtin => "builtin",
        ReproductionScale.Cifar => "cifar",
        ReproductionScale.Photos => "photos",
        _ => "imagenet",
    };

    /// <summary>The environment variable that may name the data of a scale; null where none is needed.</summary>
    public static string? VariableOf(ReproductionScale scale) => scale switch
    {
        ReproductionScale.Builtin => null,
        ReproductionScale.Cifar => "CIFAR10",
        ReproductionScale.Photos => "CLOTHING",
        _ => "IMAGENET",
    };
}
