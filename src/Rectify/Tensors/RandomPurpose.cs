namespace Rectify.Tensors;

/// <summary>What a random number is for: streams of different purpose never share a number.</summary>
public enum RandomPurpose
{
    /// <summary>Weights at the start of training; the stream's index is the parameter's.</summary>
    Initialization = 1,

    /// <summary>The order of the samples in an epoch.</summary>
    Shuffle = 2,

    /// <summary>Crop, flip and colour of one sample in one epoch.</summary>
    Augmentation = 3,

    /// <summary>Dropout masks; keyed by layer, step and sample.</summary>
    Dropout = 4,

    /// <summary>The built-in rendered pictures.</summary>
    Rendering = 5,

    /// <summary>Tests and benchmarks.</summary>
    Testing = 6,
}
