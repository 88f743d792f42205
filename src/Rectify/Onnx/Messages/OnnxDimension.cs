using System.Globalization;

namespace Rectify.Onnx.Messages;

/// <summary>The size of an axis: a number, a name where any will do (the same name, the same size), or neither.</summary>
/// <param name="Size">The number, or null.</param>
/// <param name="Symbol">The name, e.g. "N"; empty for none.</param>
public readonly record struct OnnxDimension(long? Size, string Symbol)
{
    /// <summary>A fixed size.</summary>
    public static implicit operator OnnxDimension(long size) => FromInt64(size);

    /// <summary>A size that is open.</summary>
    public static implicit operator OnnxDimension(string symbol) => FromString(symbol);

    /// <summary>A fixed size.</summary>
    public static OnnxDimension FromInt64(long size) => new(size, "");

    /// <summary>A size that is open.</summary>
    public static OnnxDimension FromString(string symbol) => new(null, symbol);

    /// <inheritdoc/>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? (string.IsNullOrEmpty(Symbol) ? "?" : Symbol);
}
