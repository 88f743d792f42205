namespace Rectify.Onnx.Messages;

/// <summary>ValueInfoProto read and written, with TypeProto and TensorShapeProto within it.</summary>
internal static class ValueMessage
{
    private const int Name = 1;
    private const int Type = 2;
    private const int DocString = 3;

    // TypeProto, and its Tensor
    private const int TensorType = 1;
    private const int ElemType = 1;
    private const int Shape = 2;

    // TensorShapeProto, and its Dimension
    private const int Dim = 1;
    private const int DimValue = 1;
    private const int DimParam = 2;

    public static OnnxValue Read(MessageReader reader)
    {
        OnnxValue value = new() { Name = "" };
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case Name:
                    value = value with { Name = reader.Text() };
                    break;
                case Type:
                    value = ReadType(reader.Message(), value);
                    break;
                case DocString:
                    value = value with { Documentation = reader.Text() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    public static void Write(MessageWriter writer, OnnxValue value)
    {
        writer.Text(Name, value.Name);
        writer.Message(Type, type => type.Message(TensorType, tensor =>
        {
            tensor.Integer(ElemType, (long)value.Element);
            if (value.Dimensions is not null)
            {
                tensor.Message(Shape, shape => WriteShape(shape, value.Dimensions));
            }
        }));
        writer.Text(DocString, value.Documentation);
    }

    private static void WriteShape(MessageWriter writer, IReadOnlyList<OnnxDimension> dimensions)
    {
        foreach (OnnxDimension dimension in dimensions)
        {
            writer.Message(Dim, inner =>
            {
                if (dimension.Size is { } size)
                {
                    inner.Element(DimValue, size);
                }
                else
                {
                    inner.Text(DimParam, dimension.Symbol ?? "");
                }
            });
        }
    }

    private static OnnxValue ReadType(MessageReader reader, OnnxValue value)
    {
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            if (field == TensorType)
            {
                value = ReadTensor(reader.Message(), value);
            }
            else
            {
                reader.Skip();
            }
        }

        return value;
    }

    private static OnnxValue ReadTensor(MessageReader reader, OnnxValue value)
    {
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case ElemType:
                    value = value with { Element = (OnnxElement)reader.Integer() };
                    break;
                case Shape:
                    value = value with { Dimensions = ReadShape(reader.Message()) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static List<OnnxDimension> ReadShape(MessageReader reader)
    {
        List<OnnxDimension> dimensions = [];
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            if (field == Dim)
            {
                dimensions.Add(ReadDimension(reader.Message()));
            }
            else
            {
                reader.Skip();
            }
        }

        return dimensions;
    }

    private static OnnxDimension ReadDimension(MessageReader reader)
    {
        OnnxDimension dimension = "";
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case DimValue:
                    dimension = reader.Integer();
                    break;
                case DimParam:
                    dimension = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return dimension;
    }
}
