using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;

namespace Rectify.Tests.Onnx.Operators;

public sealed class ShapeOperatorTests
{
    private static readonly GraphValue Block = OperatorRun.Floats([2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);

    [Theory]
    [InlineData(0, new[] { 1, 24 })]
    [InlineData(1, new[] { 2, 12 })]
    [InlineData(3, new[] { 24, 1 })]
    [InlineData(-1, new[] { 6, 4 })]
    [InlineData(-3, new[] { 1, 24 })]
    public void Flatten_Axis_MultipliesWhatStandsOnEachSide(long axis, int[] expected)
    {
        GraphValue y = OperatorRun.One("Flatten", [Block], OnnxAttribute.Of("axis", axis));
        Assert.Equal(expected, y.Dimensions);
        Assert.Equal(Block.Floats, y.Floats);
    }

    [Theory]
    [InlineData(new long[] { 4, 6 }, new[] { 4, 6 })]
    [InlineData(new long[] { 0, -1 }, new[] { 2, 12 })]
    [InlineData(new long[] { 0, 0, 2, -1 }, new[] { 2, 3, 2, 2 })]
    [InlineData(new long[] { -1 }, new[] { 24 })]
    public void Reshape_ZeroAndMinusOne_KeepAndFill(long[] shape, int[] expected) =>
        Assert.Equal(expected, OperatorRun.One("Reshape", [Block, OperatorRun.List(shape)]).Dimensions);

    [Fact]
    public void Reshape_AllowZero_MeansAnAxisOfSizeZero()
    {
        GraphValue empty = OperatorRun.Floats([0, 3]);
        Assert.Equal([3, 0], OperatorRun.One("Reshape", [empty, OperatorRun.List(3, 0)], OnnxAttribute.Of("allowzero", 1L)).Dimensions);
        Assert.Contains("[3,0] does not fit", OperatorRun.Refused("Reshape", [Block, OperatorRun.List(3, 0)], OnnxAttribute.Of("allowzero", 1L)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(-1, -1)]
    [InlineData(-2, 12)]
    [InlineData(7, -1)]
    [InlineData(4611686018427387904, 4)]
    public void Reshape_ShapeThatDoesNotFit_IsRefused(long first, long second) =>
        Assert.Contains("does not fit an input [2,3,4]", OperatorRun.Refused("Reshape", [Block, OperatorRun.List(first, second)]), StringComparison.Ordinal);

    [Fact]
    public void Shape_StartAndEnd_CutTheSizes()
    {
        Assert.Equal([2L, 3, 4], OperatorRun.One("Shape", [Block]).Integers);
        Assert.Equal([3L, 4], OperatorRun.One("Shape", [Block], OnnxAttribute.Of("start", 1L)).Integers);
        Assert.Equal([2L, 3], OperatorRun.One("Shape", [Block], OnnxAttribute.Of("end", -1L)).Integers);
        Assert.Empty(OperatorRun.One("Shape", [Block], OnnxAttribute.Of("start", 9L)).Integers);
    }

    [Fact]
    public void SqueezeAndUnsqueeze_BothVersions_TakeAxesOutAndPutThemIn()
    {
        GraphValue x = OperatorRun.Floats([1, 3, 1], 1, 2, 3);
        Assert.Equal([3], OperatorRun.One("Squeeze", [x]).Dimensions);
        Assert.Equal([1, 3], OperatorRun.One("Squeeze", [x, OperatorRun.List(-1)]).Dimensions);
        Assert.Equal([3, 1], OperatorRun.One("Squeeze", 11, [x], OnnxAttribute.Of("axes", [0L])).Dimensions);
        Assert.Equal([1, 1, 3, 1, 1], OperatorRun.One("Unsqueeze", [x, OperatorRun.List(0, -1)]).Dimensions);
        Assert.Equal([1, 1, 3, 1], OperatorRun.One("Unsqueeze", 11, [x], OnnxAttribute.Of("axes", [1L])).Dimensions);
        Assert.Contains("not all of size 1", OperatorRun.Refused("Squeeze", [x, OperatorRun.List(1)]), StringComparison.Ordinal);
        Assert.Contains("twice", OperatorRun.Refused("Unsqueeze", [x, OperatorRun.List(0, -5)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Slice_StepsAndBoundsBeyondTheEnds_GoAsNumPyGoes()
    {
        GraphValue x = OperatorRun.Floats([6], 0, 1, 2, 3, 4, 5);
        float[] Slice(long start, long end, long step) => OperatorRun.One("Slice", [x, OperatorRun.List(start), OperatorRun.List(end), null, OperatorRun.List(step)]).Floats;
        Assert.Equal([1f, 3], Slice(1, 5, 2));
        Assert.Equal([4f, 5], Slice(-2, long.MaxValue, 1));
        Assert.Equal([5f, 4, 3, 2, 1, 0], Slice(99, long.MinValue, -1));
        Assert.Equal([4f, 2], Slice(-2, 0, -2));
        Assert.Equal([5f], Slice(-1, long.MinValue, long.MinValue));
        Assert.Empty(Slice(3, 3, 1));
        Assert.Empty(Slice(4, 2, 1));
        GraphValue inner = OperatorRun.One("Slice", [Block, OperatorRun.List(1, 1), OperatorRun.List(2, 3), OperatorRun.List(-1, 0)]);
        Assert.Equal([1, 3, 1], inner.Dimensions);
        Assert.Equal([13f, 17, 21], inner.Floats);
        OnnxAttribute[] attributes = [OnnxAttribute.Of("starts", [1L, 1]), OnnxAttribute.Of("ends", [2L, 3]), OnnxAttribute.Of("axes", [2L, 0])];
        Assert.Equal([13f, 17, 21], OperatorRun.One("Slice", 9, [Block], attributes).Floats);
        Assert.Contains("a step of 0", OperatorRun.Refused("Slice", [x, OperatorRun.List(0), OperatorRun.List(2), null, OperatorRun.List(0)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Gather_NegativeIndices_CountFromTheEnd()
    {
        GraphValue y = OperatorRun.One("Gather", [Block, OperatorRun.Wholes([1, 2], 2, -3)], OnnxAttribute.Of("axis", 1L));
        Assert.Equal([2, 1, 2, 4], y.Dimensions);
        Assert.Equal([8f, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15], y.Floats);
        Assert.Equal([3L], OperatorRun.One("Gather", [OperatorRun.List(1, 2, 3), OperatorRun.List(-1)]).Integers);
        Assert.Contains("index 3 is none of 3", OperatorRun.Refused("Gather", [Block, OperatorRun.List(0, 3)], OnnxAttribute.Of("axis", 1L)), StringComparison.Ordinal);
    }

    [Fact]
    public void Concat_AnyAxis_PutsSideBySide()
    {
        (GraphValue a, GraphValue b) = (OperatorRun.Floats([2, 1], 1, 2), OperatorRun.Floats([2, 2], 3, 4, 5, 6));
        Assert.Equal([1f, 3, 4, 2, 5, 6], OperatorRun.One("Concat", [a, b], OnnxAttribute.Of("axis", -1L)).Floats);
        Assert.Equal([3f, 4, 5, 6, 3, 4, 5, 6], OperatorRun.One("Concat", [b, b], OnnxAttribute.Of("axis", 0L)).Floats);
        Assert.Equal([1L, 2, 3], OperatorRun.One("Concat", [OperatorRun.List(1), OperatorRun.List(2, 3)], OnnxAttribute.Of("axis", 0L)).Integers);
        Assert.Contains("do not go side by side", OperatorRun.Refused("Concat", [a, b], OnnxAttribute.Of("axis", 0L)), StringComparison.Ordinal);
    }

    [Fact]
    public void Transpose_Order_IsTheOldAxesInTheirNewPlaces()
    {
        GraphValue y = OperatorRun.One("Transpose", [Block], OnnxAttribute.Of("perm", [1L, 2, 0]));
        Assert.Equal([3, 4, 2], y.Dimensions);
        Assert.Equal([0f, 12, 1, 13, 2, 14], y.Floats[..6]);
        Assert.Equal([4, 3, 2], OperatorRun.One("Transpose", [Block]).Dimensions);
        Assert.Contains("twice", OperatorRun.Refused("Transpose", [Block], OnnxAttribute.Of("perm", [0L, 0, 1])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void Reduce_Axes_GoAlongThemOrAllOfThem(long version)
    {
        GraphValue Reduce(string operation, long keep, params long[] axes) => version < 18
            ? OperatorRun.One(operation, version, [Block], OnnxAttribute.Of("axes", axes), OnnxAttribute.Of("keepdims", keep))
            : OperatorRun.One(operation, version, [Block, OperatorRun.List(axes)], OnnxAttribute.Of("keepdims", keep));
        GraphValue max = Reduce("ReduceMax", 1, 1);
        Assert.Equal([2, 1, 4], max.Dimensions);
        Assert.Equal([8f, 9, 10, 11, 20, 21, 22, 23], max.Floats);
        GraphValue mean = Reduce("ReduceMean", 0, 0, -1);
        Assert.Equal([3], mean.Dimensions);
        Assert.Equal([7.5f, 11.5f, 15.5f], mean.Floats);
        Assert.Equal([23f], OperatorRun.One("ReduceMax", version, [Block], OnnxAttribute.Of("keepdims", 0L)).Floats);
    }
}
