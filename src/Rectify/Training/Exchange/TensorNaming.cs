using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Whose names and shapes the tensors of a weights file have.</summary>
public enum TensorNaming
{
    /// <summary>Ours: "conv1_1.weight", "fc1.weight" as [K,C,H,W], "conv1_1.rectifier.slope".</summary>
    Rectify,

    /// <summary>torchvision's: "features.0.weight", "classifier.0.weight" as [K,C·H·W].</summary>
    Torchvision,

    /// <summary>timm's: "features.0.weight", "pre_logits.fc1.weight" as [K,C,H,W], "head.fc.weight" as [K,C].</summary>
    Timm,
}

/// <summary>How the command writes them.</summary>
public static class TensorNamings
{
    /// <summary>All names.</summary>
    public const string All = "rectify, torchvision, timm";

    /// <summary>Reads a name.</summary>
    /// <exception cref="UsageException">It is none of <see cref="All"/>.</exception>
    public static TensorNaming Parse(string text) => text switch
    {
        "rectify" => TensorNaming.Rectify,
        "torchvision" => TensorNaming.Torchvision,
        "timm" => TensorNaming.Timm,
        _ => throw new UsageException($"--names {text}: choose one of {All}."),
    };

    /// <summary>Writes a name.</summary>
    public static string NameOf(TensorNaming naming) => naming switch
    {
        TensorNaming.Torchvision => "torchvision",
        TensorNaming.Timm => "timm",
        _ => "rectify",
    };
}
