namespace Rectify.Formats;

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">F64, F32, F16 or BF16; I32 or U8.</param>
/// <param name="Dimensions">Its shape.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
public sealed record SafetensorsEntry(string Name, string DataType, IReadOnlyList<int> Dimensions, long Begin, long End)
{
    /// <summary>Elements: the product of <see cref="Dimensions"/>.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, d) => checked(product * d));
}
