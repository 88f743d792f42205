namespace Rectify.Onnx.Messages;

/// <summary>What a tensor's numbers are; the values are those of ONNX's TensorProto.DataType.</summary>
public enum OnnxElement
{
    /// <summary>Not said.</summary>
    Undefined = 0,

    /// <summary>Floats of 32 bits.</summary>
    F32 = 1,

    /// <summary>Whole numbers of 8 bits without a sign.</summary>
    U8 = 2,

    /// <summary>Whole numbers of 8 bits.</summary>
    I8 = 3,

    /// <summary>Whole numbers of 16 bits without a sign.</summary>
    U16 = 4,

    /// <summary>Whole numbers of 16 bits.</summary>
    I16 = 5,

    /// <summary>Whole numbers of 32 bits.</summary>
    I32 = 6,

    /// <summary>Whole numbers of 64 bits.</summary>
    I64 = 7,

    /// <summary>Texts; their content is not read.</summary>
    Text = 8,

    /// <summary>0 or 1, a byte each.</summary>
    Truth = 9,

    /// <summary>Floats of 16 bits.</summary>
    F16 = 10,

    /// <summary>Floats of 64 bits.</summary>
    F64 = 11,

    /// <summary>Whole numbers of 32 bits without a sign.</summary>
    U32 = 12,

    /// <summary>Whole numbers of 64 bits without a sign.</summary>
    U64 = 13,

    /// <summary>Floats of 16 bits with the exponent of 32.</summary>
    BF16 = 16,
}

/// <summary>Sizes and kinds of <see cref="OnnxElement"/>.</summary>
public static class OnnxElements
{
    /// <summary>Bytes of a number; 0 where it is of a kind that is not read.</summary>
    public static int SizeOf(OnnxElement element) => element switch
    {
        OnnxElement.U8 or OnnxElement.I8 or OnnxElement.Truth => 1,
        OnnxElement.U16 or OnnxElement.I16 or OnnxElement.F16 or OnnxElement.BF16 => 2,
        OnnxElement.F32 or OnnxElement.I32 or OnnxElement.U32 => 4,
        OnnxElement.F64 or OnnxElement.I64 or OnnxElement.U64 => 8,
        _ => 0,
    };

    /// <summary>Whether its numbers are floats.</summary>
    public static bool IsFloat(OnnxElement element) => element is OnnxElement.F32 or OnnxElement.F64 or OnnxElement.F16 or OnnxElement.BF16;

    /// <summary>Whether its numbers are whole, truth values among them.</summary>
    public static bool IsWhole(OnnxElement element) => SizeOf(element) > 0 && !IsFloat(element);
}
