namespace Rectify.Onnx.Messages;

/// <summary>ModelProto read and written.</summary>
/// <remarks>The numbers of fields here and in the messages beside it are those of onnx/onnx.proto, which only ever adds to them.</remarks>
internal static class ModelMessage
{
    private const int IrVersion = 1;
    private const int ProducerName = 2;
    private const int ProducerVersion = 3;
    private const int Domain = 4;
    private const int ModelVersion = 5;
    private const int DocString = 6;
    private const int Graph = 7;
    private const int OpsetImport = 8;
    private const int MetadataProps = 14;

    // OperatorSetIdProto
    private const int SetDomain = 1;
    private const int SetVersion = 2;

    // StringStringEntryProto
    private const int Key = 1;
    private const int Value = 2;

    public static OnnxModel Read(MessageReader reader)
    {
        OnnxGraph? graph = null;
        List<OnnxOperatorSet> sets = [];
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        OnnxModel model = new() { Graph = new OnnxGraph(), IrVersion = 0 };
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case IrVersion:
                    model = model with { IrVersion = reader.Integer() };
                    break;
                case ProducerName:
                    model = model with { Producer = reader.Text() };
                    break;
                case ProducerVersion:
                    model = model with { ProducerVersion = reader.Text() };
                    break;
                case Domain:
                    model = model with { Domain = reader.Text() };
                    break;
                case ModelVersion:
                    model = model with { Version = reader.Integer() };
                    break;
                case DocString:
                    model = model with { Documentation = reader.Text() };
                    break;
                case Graph:
                    graph = graph is null ? GraphMessage.Read(reader.Message()) : throw new InvalidDataException("it has two graphs");
                    break;
                case OpsetImport:
                    sets.Add(ReadSet(reader.Message()));
                    break;
                case MetadataProps:
                    (string key, string value) = ReadEntry(reader.Message());
                    metadata[key] = metadata.ContainsKey(key) ? throw new InvalidDataException($"it has the metadata '{key}' twice") : value;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return model with { Graph = graph ?? throw new InvalidDataException("it has no graph"), OperatorSets = sets, Metadata = metadata };
    }

    public static void Write(MessageWriter writer, OnnxModel model)
    {
        writer.Integer(IrVersion, model.IrVersion);
        writer.Text(ProducerName, model.Producer);
        writer.Text(ProducerVersion, model.ProducerVersion);
        writer.Text(Domain, model.Domain);
        writer.Integer(ModelVersion, model.Version);
        writer.Text(DocString, model.Documentation);
        writer.Message(Graph, inner => GraphMessage.Write(inner, model.Graph));
        foreach (OnnxOperatorSet set in model.OperatorSets)
        {
            writer.Message(OpsetImport, inner =>
            {
                inner.Text(SetDomain, set.Domain);
                inner.Integer(SetVersion, set.Version);
            });
        }

        foreach ((string key, string value) in model.Metadata)
        {
            writer.Message(MetadataProps, inner =>
            {
                inner.Text(Key, key);
                inner.Text(Value, value);
            });
        }
    }

    private static OnnxOperatorSet ReadSet(MessageReader reader)
    {
        OnnxOperatorSet set = new("", 0);
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case SetDomain:
                    set = set with { Domain = reader.Text() };
                    break;
                case SetVersion:
                    set = set with { Version = reader.Integer() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return set;
    }

    private static (string Key, string Value) ReadEntry(MessageReader reader)
    {
        (string key, string value) = ("", "");
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case Key:
                    key = reader.Text();
                    break;
                case Value:
                    value = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (key, value);
    }
}
