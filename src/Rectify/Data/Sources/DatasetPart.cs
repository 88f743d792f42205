namespace Rectify.Data;

/// <summary>What a set of pictures is for.</summary>
public enum DatasetPart
{
    /// <summary>Not divided: one set, from which a part may be held out.</summary>
    Whole,

    /// <summary>To learn from.</summary>
    Training,

    /// <summary>To choose by, while training.</summary>
    Validation,

    /// <summary>To measure with at the end.</summary>
    Test,
}
