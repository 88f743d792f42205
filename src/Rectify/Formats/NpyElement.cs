namespace Rectify.Formats;

/// <summary>What the numbers of a NumPy file are, by NumPy's own names; all little-endian.</summary>
public enum NpyElement
{
    /// <summary>float32.</summary>
    F4,

    /// <summary>float64.</summary>
    F8,

    /// <summary>float16.</summary>
    F2,

    /// <summary>int64.</summary>
    I8,

    /// <summary>int32.</summary>
    I4,

    /// <summary>uint8.</summary>
    U1,

    /// <summary>bool: a byte, 0 for false.</summary>
    B1,
}
