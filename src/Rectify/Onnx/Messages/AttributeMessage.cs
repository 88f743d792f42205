using System.Buffers;
using System.Text;

namespace Rectify.Onnx.Messages;

/// <summary>AttributeProto read and written.</summary>
internal static class AttributeMessage
{
    private const int Name = 1;
    private const int F = 2;
    private const int I = 3;
    private const int S = 4;
    private const int T = 5;
    private const int G = 6;
    private const int Floats = 7;
    private const int Ints = 8;
    private const int Strings = 9;
    private const int Type = 20;

    public static OnnxAttribute Read(MessageReader reader)
    {
        OnnxAttribute attribute = new() { Name = "", Kind = OnnxAttributeKind.Undefined };
        ArrayBufferWriter<byte> singles = new();
        List<long> integers = [];
        List<string> texts = [];

        // Before IR version 2 nothing said the kind but the field that is there.
        OnnxAttributeKind seen = OnnxAttributeKind.Undefined;
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case Name:
                    attribute = attribute with { Name = reader.Text() };
                    break;
                case Type:
                    attribute = attribute with { Kind = (OnnxAttributeKind)reader.Integer() };
                    break;
                case F:
                    (attribute, seen) = (attribute with { Number = reader.Single() }, OnnxAttributeKind.Number);
                    break;
                case I:
                    (attribute, seen) = (attribute with { Whole = reader.Integer() }, OnnxAttributeKind.Whole);
                    break;
                case S:
                    (attribute, seen) = (attribute with { Text = TextOf(reader) }, OnnxAttributeKind.Text);
                    break;
                case T:
                    (attribute, seen) = (attribute with { Tensor = TensorMessage.Read(reader.Message()) }, OnnxAttributeKind.Tensor);
                    break;
                case G:
                    reader.Skip();
                    seen = OnnxAttributeKind.Graph;
                    break;
                case Floats:
                    reader.Fixed(singles, sizeof(float));
                    seen = OnnxAttributeKind.Numbers;
                    break;
                case Ints:
                    reader.Integers(integers);
                    seen = OnnxAttributeKind.Wholes;
                    break;
                case Strings:
                    texts.Add(TextOf(reader));
                    seen = OnnxAttributeKind.Texts;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        float[] values = new float[singles.WrittenCount / sizeof(float)];
        LittleEndian.Singles(singles.WrittenSpan, values);
        return attribute with
        {
            Kind = attribute.Kind == OnnxAttributeKind.Undefined ? seen : attribute.Kind,
            Numbers = values,
            Wholes = integers,
            Texts = texts,
        };
    }

    public static void Write(MessageWriter writer, OnnxAttribute attribute)
    {
        writer.Text(Name, attribute.Name);
        writer.Integer(Type, (long)attribute.Kind);
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Number:
                writer.Single(F, attribute.Number);
                break;
            case OnnxAttributeKind.Whole:
                writer.Element(I, attribute.Whole);
                break;
            case OnnxAttributeKind.Text:
                writer.TextElement(S, attribute.Text);
                break;
            case OnnxAttributeKind.Tensor when attribute.Tensor is not null:
                writer.Message(T, inner => TensorMessage.Write(inner, attribute.Tensor));
                break;
            case OnnxAttributeKind.Numbers:
                foreach (float value in attribute.Numbers)
                {
                    writer.Single(Floats, value);
                }

                break;
            case OnnxAttributeKind.Wholes:
                foreach (long value in attribute.Wholes)
                {
                    writer.Element(Ints, value);
                }

                break;
            case OnnxAttributeKind.Texts:
                foreach (string value in attribute.Texts)
                {
                    writer.TextElement(Strings, value);
                }

                break;
            default:
                throw new InvalidDataException($"the attribute '{attribute.Name}' is of the kind {attribute.Kind}, which is not written");
        }
    }

    private static string TextOf(MessageReader reader) => Encoding.UTF8.GetString(reader.Bytes().Span);
}
