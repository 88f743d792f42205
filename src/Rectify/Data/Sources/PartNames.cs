namespace Rectify.Data;

/// <summary>How parts of a data set are called in folders and in messages.</summary>
internal static class PartNames
{
    /// <summary>The part that a folder's or file's name (without extension) stands for, in any case; null for other names.</summary>
    public static DatasetPart? Of(string name) => name.ToUpperInvariant() switch
    {
        "TRAIN" or "ILSVRC2012_IMG_TRAIN" => DatasetPart.Training,
        "VAL" or "VALIDATION" or "ILSVRC2012_IMG_VAL" => DatasetPart.Validation,
        "TEST" => DatasetPart.Test,
        _ => null,
    };

    /// <summary>The part in words.</summary>
    public static string InWords(DatasetPart part) => part switch
    {
        DatasetPart.Training => "training",
        DatasetPart.Validation => "validation",
        DatasetPart.Test => "test",
        _ => "data",
    };
}
