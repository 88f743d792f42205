using System.Globalization;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Onnx.Messages;

/// <summary>ONNX's TensorProto: a name, a shape and numbers.</summary>
/// <remarks>Whichever of the message's fields held the numbers, here they are bytes; they are written as raw_data.</remarks>
public sealed record OnnxTensor
{
    /// <summary>Name; empty in an attribute.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the numbers are.</summary>
    public required OnnxElement Element { get; init; }

    /// <summary>Sizes of the axes; none for a single number.</summary>
    public IReadOnlyList<long> Dimensions { get; init; } = [];

    /// <summary>The numbers, little-endian, the last axis running fastest.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>A tensor of floats.</summary>
    /// <param name="name">Name.</param>
    /// <param name="dimensions">Shape.</param>
    /// <param name="values">As many as the shape holds, the last axis fastest.</param>
    /// <exception cref="RectifyException">There are more or fewer values than the shape holds.</exception>
    public static OnnxTensor Of(string name, IReadOnlyList<long> dimensions, ReadOnlySpan<float> values) =>
        Checked(new OnnxTensor { Name = name, Element = OnnxElement.F32, Dimensions = dimensions, Data = LittleEndian.Bytes(values) });

    /// <summary>A tensor of whole numbers of 64 bits.</summary>
    /// <param name="name">Name.</param>
    /// <param name="dimensions">Shape.</param>
    /// <param name="values">As many as the shape holds, the last axis fastest.</param>
    /// <exception cref="RectifyException">There are more or fewer values than the shape holds.</exception>
    public static OnnxTensor Of(string name, IReadOnlyList<long> dimensions, ReadOnlySpan<long> values) =>
        Checked(new OnnxTensor { Name = name, Element = OnnxElement.I64, Dimensions = dimensions, Data = LittleEndian.Bytes(values) });

    /// <summary>How many numbers the shape holds, after a check that as many are there.</summary>
    /// <exception cref="RectifyException">A size is negative, numbers are missing or left over, or they are of a kind that is not read.</exception>
    public int Count()
    {
        int size = OnnxElements.SizeOf(Element);
        if (size == 0)
        {
            throw Broken($"holds numbers of the kind {Element}, which is not read; write floats or whole numbers");
        }

        long held = Data.Length / size;
        long count = 1;
        foreach (long dimension in Dimensions)
        {
            if (dimension < 0)
            {
                throw Broken("has a negative size");
            }

            // Beyond what is held the product is wrong anyway; so it cannot overflow unless a size of 0 follows, and 0 times anything is 0.
            count = Dimensions.Contains(0) ? 0 : count > held || dimension > held ? held + 1 : count * dimension;
        }

        return count * size == Data.Length ? (int)count : throw Broken(string.Create(CultureInfo.InvariantCulture, $"does not fit its {Data.Length:N0} bytes of data"));
    }

    /// <summary>The numbers as floats: rounded from 64 bits, exact from 16.</summary>
    /// <exception cref="RectifyException">They are no floats, or not as many as the shape holds.</exception>
    public float[] ToSingles()
    {
        float[] values = new float[Count()];
        ReadOnlySpan<byte> data = Data.Span;
        switch (Element)
        {
            case OnnxElement.F32:
                LittleEndian.Singles(data, values);
                break;
            case OnnxElement.F64 or OnnxElement.F16 or OnnxElement.BF16:
                FloatConversion.ToSingle(Element.ToString(), data.ToArray(), values);
                break;
            default:
                throw Broken($"holds numbers of the kind {Element} where floats are due");
        }

        return values;
    }

    /// <summary>The numbers as whole numbers.</summary>
    /// <exception cref="RectifyException">They are not whole, not as many as the shape holds, or beyond 2⁶³−1.</exception>
    public long[] ToIntegers()
    {
        long[] values = new long[Count()];
        ReadOnlySpan<byte> data = Data.Span;
        int size = OnnxElements.SizeOf(Element);
        if (!OnnxElements.IsWhole(Element))
        {
            throw Broken($"holds numbers of the kind {Element} where whole numbers are due");
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = LittleEndian.Whole(data.Slice(i * size, size), Element);
        }

        if (Element == OnnxElement.U64 && values.Any(value => value < 0))
        {
            throw Broken("holds a number beyond 2⁶³−1");
        }

        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Element} [{string.Join(',', Dimensions)}]";

    private static OnnxTensor Checked(OnnxTensor tensor)
    {
        _ = tensor.Count();
        return tensor;
    }

    private RectifyException Broken(string what) => new($"The tensor '{Name}' {Element} [{string.Join(',', Dimensions)}] {what}.");
}
