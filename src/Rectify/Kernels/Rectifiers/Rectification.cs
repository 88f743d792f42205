namespace Rectify.Kernels.Rectifiers;

/// <summary>The rectifier f that follows a response y: f(y) = y where y > 0, else slope·y (equation 1).</summary>
public enum Rectification
{
    /// <summary>None: f(y) = y.</summary>
    None,

    /// <summary>ReLU: 0 where y ≤ 0, also for −∞; NaN stays NaN.</summary>
    Relu,

    /// <summary>One slope for all channels: leaky ReLU, or PReLU shared by channels.</summary>
    SharedSlope,

    /// <summary>A slope for each channel: PReLU.</summary>
    ChannelSlopes,
}
