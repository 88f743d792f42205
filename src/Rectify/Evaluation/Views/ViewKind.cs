namespace Rectify.Evaluation;

/// <summary>What a network sees of a picture.</summary>
public enum ViewKind
{
    /// <summary>The crop in the middle.</summary>
    Center,

    /// <summary>The crops in the four corners and in the middle, and all of them mirrored.</summary>
    TenView,

    /// <summary>All of it and its mirror image: the convolutional layers run once on the whole picture, the fully connected ones on every window of the last map.</summary>
    Dense,
}
