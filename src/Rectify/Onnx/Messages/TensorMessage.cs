using System.Buffers;
using Rectify.Tensors;

namespace Rectify.Onnx.Messages;

/// <summary>TensorProto read and written.</summary>
internal static class TensorMessage
{
    private const int Dims = 1;
    private const int DataType = 2;
    private const int Segment = 3;
    private const int FloatData = 4;
    private const int Int32Data = 5;
    private const int Int64Data = 7;
    private const int Name = 8;
    private const int RawData = 9;
    private const int DoubleData = 10;
    private const int Uint64Data = 11;
    private const int DataLocation = 14;

    public static OnnxTensor Read(MessageReader reader)
    {
        List<long> dimensions = [];
        List<long> whole = [];
        ArrayBufferWriter<byte> floats = new();
        OnnxElement element = OnnxElement.Undefined;
        string name = "";
        bool external = false;
        ReadOnlyMemory<byte> raw = default;
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case Dims:
                    reader.Integers(dimensions);
                    break;
                case DataType:
                    element = (OnnxElement)reader.Integer();
                    break;
                case FloatData:
                    reader.Fixed(floats, sizeof(float));
                    break;
                case DoubleData:
                    reader.Fixed(floats, sizeof(double));
                    break;
                case Int32Data or Int64Data or Uint64Data:
                    reader.Integers(whole);
                    break;
                case Name:
                    name = reader.Text();
                    break;
                case RawData:
                    raw = reader.Bytes();
                    break;
                case DataLocation:
                    external = reader.Integer() != 0;
                    break;
                case Segment:
                    throw new InvalidDataException("it has a tensor in segments");
                default:
                    reader.Skip();
                    break;
            }
        }

        if (external)
        {
            throw new RectifyException($"The tensor '{name}' keeps its numbers in another file, which is not read; save the model with all its weights in one file.");
        }

        ReadOnlyMemory<byte> data = raw.Length > 0 ? raw : floats.WrittenCount > 0 ? floats.WrittenMemory : Narrowed(whole, element);
        return new OnnxTensor { Name = name, Element = element, Dimensions = dimensions, Data = data };
    }

    public static void Write(MessageWriter writer, OnnxTensor tensor)
    {
        foreach (long dimension in tensor.Dimensions)
        {
            writer.Element(Dims, dimension);
        }

        writer.Integer(DataType, (long)tensor.Element);
        writer.Text(Name, tensor.Name);
        writer.Bytes(RawData, tensor.Data);
    }

    // int32_data holds the numbers of all narrow kinds, floats of 16 bits by their bits.
    private static byte[] Narrowed(List<long> whole, OnnxElement element)
    {
        int size = OnnxElements.SizeOf(element);
        byte[] bytes = new byte[whole.Count * size];
        for (int i = 0; i < whole.Count; i++)
        {
            LittleEndian.Write(whole[i], bytes.AsSpan(i * size, size));
        }

        return bytes;
    }
}
