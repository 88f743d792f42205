using System.Buffers.Binary;
using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>An array as NumPy's files hold it: dimensions, and numbers in C order (the last index runs fastest). Immutable.</summary>
public sealed class NpyArray
{
    private readonly byte[] _bytes;

    /// <summary>Takes little-endian bytes in C order, which the caller does not change any more.</summary>
    internal NpyArray(IReadOnlyList<int> dimensions, NpyElement element, byte[] bytes) => (Dimensions, Element, _bytes) = (dimensions, element, bytes);

    /// <summary>The shape; none for a single number.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>What the numbers are.</summary>
    public NpyElement Element { get; }

    /// <summary>How many numbers: the product of <see cref="Dimensions"/>.</summary>
    public int Count => _bytes.Length / NpyHeader.SizeOf(Element);

    /// <summary>Whether the numbers are floating-point ones.</summary>
    public bool IsFloatingPoint => Element is NpyElement.F4 or NpyElement.F8 or NpyElement.F2;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>An array of float32.</summary>
    /// <param name="values">In C order; copied.</param>
    /// <param name="dimensions">The shape.</param>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static NpyArray Of(ReadOnlySpan<float> values, params IReadOnlyList<int> dimensions)
    {
        byte[] bytes = BytesFor(values.Length, sizeof(float), dimensions);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return new NpyArray([.. dimensions], NpyElement.F4, bytes);
    }

    /// <summary>An array of float64.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, IReadOnlyList{int})"/>
    public static NpyArray Of(ReadOnlySpan<double> values, params IReadOnlyList<int> dimensions)
    {
        byte[] bytes = BytesFor(values.Length, sizeof(double), dimensions);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        }

        return new NpyArray([.. dimensions], NpyElement.F8, bytes);
    }

    /// <summary>An array of int64.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, IReadOnlyList{int})"/>
    public static NpyArray Of(ReadOnlySpan<long> values, params IReadOnlyList<int> dimensions)
    {
        byte[] bytes = BytesFor(values.Length, sizeof(long), dimensions);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return new NpyArray([.. dimensions], NpyElement.I8, bytes);
    }

    /// <summary>The numbers as float32: wider ones rounded to the nearest, true as 1.</summary>
    public float[] ToFloats()
    {
        float[] values = new float[Count];
        switch (Element)
        {
            case NpyElement.F8:
                FloatConversion.ToSingle("F64", [.. _bytes], values);
                break;
            case NpyElement.F2:
                FloatConversion.ToSingle("F16", [.. _bytes], values);
                break;
            case NpyElement.F4:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(_bytes.AsSpan(i * sizeof(float)));
                }

                break;
            default:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Integer(i);
                }

                break;
        }

        return values;
    }

    /// <summary>The numbers as whole numbers; true as 1.</summary>
    /// <exception cref="RectifyException">They are floating-point numbers.</exception>
    public long[] ToIntegers()
    {
        if (IsFloatingPoint)
        {
            throw new RectifyException($"The array {this} holds floating-point numbers where whole numbers are due; save it with astype(\"int64\").");
        }

        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Integer(i);
        }

        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{NpyHeader.NameOf(Element)[1..]}[{string.Join(',', Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)))}]";

    private static byte[] BytesFor(int count, int size, IReadOnlyList<int> dimensions) => dimensions.Aggregate(1L, (product, d) => checked(product * d)) == count
        ? new byte[checked(count * size)]
        : throw new ArgumentException($"{count} values are no array of shape [{string.Join(',', dimensions)}].", nameof(dimensions));

    private long Integer(int index) => Element switch
    {
        NpyElement.I8 => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(index * sizeof(long))),
        NpyElement.I4 => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(index * sizeof(int))),
        NpyElement.B1 => _bytes[index] == 0 ? 0 : 1,
        _ => _bytes[index],
    };
}
