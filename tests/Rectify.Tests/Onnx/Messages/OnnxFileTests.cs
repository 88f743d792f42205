using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Onnx.Messages;

public sealed class OnnxFileTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        float[] weights = [.. Enumerable.Range(0, 600).Select(i => i / 7f)];
        OnnxModel model = new()
        {
            IrVersion = 9,
            OperatorSets = [new("", 17), new("com.example", 2)],
            Producer = "rectify",
            ProducerVersion = "0.1",
            Domain = "org.example",
            Version = 3,
            Documentation = "docs — äöü",
            Metadata = new Dictionary<string, string> { ["a"] = "1", ["b"] = "" },
            Graph = new OnnxGraph
            {
                Name = "g",
                Documentation = "d",
                Inputs = [OnnxValue.Of("x", "N", 3, "H", new OnnxDimension(null, ""))],
                Outputs = [OnnxValue.Of("y", "N", 0), new OnnxValue { Name = "z" }, OnnxValue.Of("scalar")],
                Values = [new OnnxValue { Name = "v", Element = OnnxElement.I64, Dimensions = [4], Documentation = "e" }],
                Initializers =
                [
                    OnnxTensor.Of("w", [2, 300], weights), OnnxTensor.Of("one", [], [1f]), OnnxTensor.Of("s", [3], [-1L, 0, long.MaxValue]),
                    OnnxTensor.Of("none", [0, 5], Array.Empty<float>()),
                ],
                Nodes =
                [
                    new OnnxNode
                    {
                        Name = "n",
                        Operator = "Conv",
                        Domain = "com.example",
                        Documentation = "f",
                        Inputs = ["x", "", "w"],
                        Outputs = ["y", "", "z"],
                        Attributes =
                        [
                            OnnxAttribute.Of("f", 0f), OnnxAttribute.Of("i", 0L), OnnxAttribute.Of("n", -5L), OnnxAttribute.Of("s", ""),
                            OnnxAttribute.Of("t", OnnxTensor.Of("", [2], [1f, 2f])),
                            OnnxAttribute.Of("fs", [0f, -1.5f]), OnnxAttribute.Of("is", [0L, -1, 1L << 40]), OnnxAttribute.Of("ss", ["", "ü"]),
                        ],
                    },
                ],
            },
        };
        using TemporaryFolder folder = new();
        string path = folder.At("a.onnx");

        OnnxFile.Write(path, model);
        OnnxModel read = OnnxFile.Read(path);

        Assert.Equivalent(model with { Graph = new OnnxGraph() }, read with { Graph = new OnnxGraph() }, strict: true);
        Assert.Equal(model.Graph.Inputs.Concat(model.Graph.Outputs).Concat(model.Graph.Values).Select(v => (v.ToString(), v.Documentation)),
            read.Graph.Inputs.Concat(read.Graph.Outputs).Concat(read.Graph.Values).Select(v => (v.ToString(), v.Documentation)));
        Assert.Null(read.Graph.Outputs[1].Dimensions);
        Assert.Empty(read.Graph.Outputs[2].Dimensions!);
        Assert.Equal(model.Graph.Initializers.Select(t => t.ToString()), read.Graph.Initializers.Select(t => t.ToString()));
        Assert.Equal(weights, read.Graph.Initializers[0].ToSingles());
        Assert.Equal([1f], read.Graph.Initializers[1].ToSingles());
        Assert.Equal([-1L, 0, long.MaxValue], read.Graph.Initializers[2].ToIntegers());
        Assert.Empty(read.Graph.Initializers[3].ToSingles());
        OnnxNode node = Assert.Single(read.Graph.Nodes);
        Assert.Equal(("n", "Conv", "com.example", "f"), (node.Name, node.Operator, node.Domain, node.Documentation));
        Assert.Equal(["x", "", "w"], node.Inputs);
        Assert.Equal(["y", "", "z"], node.Outputs);
        Assert.Equal(model.Graph.Nodes[0].Attributes.Select(Shown), node.Attributes.Select(Shown));
    }

    [Fact]
    public void Read_EachFieldOfATensor_GivesItsNumbers()
    {
        // Tensors as other writers make them: dims in 1, data_type in 2, and the data in turn in float_data 4, int32_data 5, int64_data 7, double_data 10 and
        // raw_data 9, packed and one by one.
        using TemporaryFolder folder = new();
        OnnxTensor Read(params byte[] tensor)
        {
            byte[] graph = [0x2A, (byte)tensor.Length, .. tensor];
            return OnnxFile.Read(folder.Add("a.onnx", [0x3A, (byte)graph.Length, .. graph]).At("a.onnx")).Graph.Initializers[0];
        }

        Assert.Equal([1f, 2f], Read(0x0A, 1, 2, 0x10, 1, 0x22, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40).ToSingles());
        Assert.Equal([1f, 2f], Read(0x08, 2, 0x10, 1, 0x25, 0, 0, 0x80, 0x3F, 0x25, 0, 0, 0, 0x40).ToSingles());
        Assert.Equal([1f, 6.1035156e-05f], Read(0x08, 2, 0x10, 10, 0x2A, 4, 0x80, 0x78, 0x80, 0x08).ToSingles());
        Assert.Equal([1f, 6.1035156e-05f], Read(0x08, 2, 0x10, 10, 0x28, 0x80, 0x78, 0x28, 0x80, 0x08).ToSingles());
        Assert.Equal([1L, -1], Read(0x08, 2, 0x10, 6, 0x28, 1, 0x28, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1).ToIntegers());
        Assert.Equal([1L, 0], Read(0x08, 2, 0x10, 9, 0x2A, 2, 1, 0).ToIntegers());
        Assert.Equal([1L, 2], Read(0x08, 2, 0x10, 7, 0x3A, 2, 1, 2).ToIntegers());
        Assert.Equal([1.5f], Read(0x08, 1, 0x10, 11, 0x52, 8, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F).ToSingles());
        Assert.Equal([7L, 255], Read(0x08, 2, 0x10, 2, 0x4A, 2, 7, 255).ToIntegers());
    }

    [Theory]
    [InlineData("no graph", new byte[] { 0x08, 8 })]
    [InlineData("claims 100 bytes", new byte[] { 0x3A, 100, 0 })]
    [InlineData("another way", new byte[] { 0x0A, 1, 0 })]
    [InlineData("two graphs", new byte[] { 0x3A, 0, 0x3A, 0 })]
    [InlineData("'' twice", new byte[] { 0x72, 0, 0x72, 0 })]
    [InlineData("another file", new byte[] { 0x3A, 4, 0x2A, 2, 0x70, 1 })]
    [InlineData("sparse", new byte[] { 0x3A, 2, 0x7A, 0 })]
    public void Read_BrokenFile_IsRefused(string expected, byte[] bytes)
    {
        using TemporaryFolder folder = new();
        string path = folder.Add("a.onnx", bytes).At("a.onnx");

        RectifyException e = Assert.Throws<RectifyException>(() => OnnxFile.Read(path));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 3 }, "does not fit")]
    [InlineData(new long[] { -2, -1 }, "negative")]
    [InlineData(new long[] { 1L << 62, 1L << 62, 1L << 62, 2 }, "does not fit")]
    [InlineData(new long[] { 1L << 62, 0 }, "does not fit")]
    public void Count_ShapeThatDoesNotFitTheData_IsRefused(long[] dimensions, string expected)
    {
        OnnxTensor tensor = new() { Name = "w", Element = OnnxElement.F32, Dimensions = dimensions, Data = new byte[8] };

        RectifyException e = Assert.Throws<RectifyException>(tensor.ToSingles);

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private static string Shown(OnnxAttribute attribute) =>
        FormattableString.Invariant($"{attribute.Name} {attribute.Kind} {attribute.Number} {attribute.Whole} '{attribute.Text}' {attribute.Tensor} ")
        + FormattableString.Invariant($"{string.Join(' ', attribute.Numbers)}; {string.Join(' ', attribute.Wholes)}; {string.Join(' ', attribute.Texts)}");
}
