namespace Rectify.Formats;

/// <summary>A number on a chart of TensorBoard.</summary>
/// <param name="Tag">The chart; what stands before its first slash is the group of charts.</param>
/// <param name="Value">The number; the file holds it as float32.</param>
internal readonly record struct EventScalar(string Tag, double Value);
