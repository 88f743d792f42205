namespace Rectify.Data;

/// <summary>What is subtracted from pixels.</summary>
public enum MeanKind
{
    /// <summary>A mean of its own for each position and channel of the crop: what the paper does.</summary>
    PerPixel,

    /// <summary>One mean a channel: for nets that are to run at other sizes.</summary>
    PerChannel,
}
