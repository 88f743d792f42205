namespace Rectify.Onnx.Messages;

/// <summary>NodeProto read and written.</summary>
internal static class NodeMessage
{
    private const int Input = 1;
    private const int Output = 2;
    private const int Name = 3;
    private const int OpType = 4;
    private const int Attribute = 5;
    private const int DocString = 6;
    private const int Domain = 7;

    public static OnnxNode Read(MessageReader reader)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxAttribute> attributes = [];
        OnnxNode node = new() { Operator = "" };
        for (int field = reader.Next(); field != 0; field = reader.Next())
        {
            switch (field)
            {
                case Input:
                    inputs.Add(reader.Text());
                    break;
                case Output:
                    outputs.Add(reader.Text());
                    break;
                case Name:
                    node = node with { Name = reader.Text() };
                    break;
                case OpType:
                    node = node with { Operator = reader.Text() };
                    break;
                case Attribute:
                    attributes.Add(AttributeMessage.Read(reader.Message()));
                    break;
                case DocString:
                    node = node with { Documentation = reader.Text() };
                    break;
                case Domain:
                    node = node with { Domain = reader.Text() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return node with { Inputs = inputs, Outputs = outputs, Attributes = attributes };
    }

    public static void Write(MessageWriter writer, OnnxNode node)
    {
        foreach (string input in node.Inputs)
        {
            writer.TextElement(Input, input);
        }

        foreach (string output in node.Outputs)
        {
            writer.TextElement(Output, output);
        }

        writer.Text(Name, node.Name);
        writer.Text(OpType, node.Operator);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            writer.Message(Attribute, inner => AttributeMessage.Write(inner, attribute));
        }

        writer.Text(DocString, node.Documentation);
        writer.Text(Domain, node.Domain);
    }
}
