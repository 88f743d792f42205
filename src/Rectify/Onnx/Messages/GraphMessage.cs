namespace Rectify.Onnx.Messages;

/// <summary>GraphProto read and written.</summary>
internal static class GraphMessage
{
    private const int Node = 1;
    private const int Name = 2;
    private const int Initializer = 5;
    private const int DocString = 10;
    private const int Input = 11;
    private const int Output = 12;
    private const int ValueInfo = 13;
    private const int SparseInitializer = 15;

    public static OnnxGraph Read(MessageReader reader)
    {
        List<OnnxNode> nodes = [];
        List<OnnxTensor> initializers = [];
        List<OnnxValue> inputs = [];
        List<OnnxValue> outputs = [];
        List<OnnxValue> values = [];
        OnnxGraph graph = new();
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case Node:
                    nodes.Add(NodeMessage.Read(reader.Message()));
                    break;
                case Name:
                    graph = graph with { Name = reader.Text() };
                    break;
                case Initializer:
                    initializers.Add(TensorMessage.Read(reader.Message()));
                    break;
                case DocString:
                    graph = graph with { Documentation = reader.Text() };
                    break;
                case Input:
                    inputs.Add(ValueMessage.Read(reader.Message()));
                    break;
                case Output:
                    outputs.Add(ValueMessage.Read(reader.Message()));
                    break;
                case ValueInfo:
                    values.Add(ValueMessage.Read(reader.Message()));
                    break;
                case SparseInitializer:
                    throw new InvalidDataException("it has sparse weights");
                default:
                    reader.Skip();
                    break;
            }
        }

        return graph with { Nodes = nodes, Initializers = initializers, Inputs = inputs, Outputs = outputs, Values = values };
    }

    public static void Write(MessageWriter writer, OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            writer.Message(Node, inner => NodeMessage.Write(inner, node));
        }

        writer.Text(Name, graph.Name);
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            writer.Message(Initializer, inner => TensorMessage.Write(inner, tensor));
        }

        writer.Text(DocString, graph.Documentation);
        WriteValues(writer, Input, graph.Inputs);
        WriteValues(writer, Output, graph.Outputs);
        WriteValues(writer, ValueInfo, graph.Values);
    }

    private static void WriteValues(MessageWriter writer, int field, IReadOnlyList<OnnxValue> values)
    {
        foreach (OnnxValue value in values)
        {
            writer.Message(field, inner => ValueMessage.Write(inner, value));
        }
    }
}
