using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Tests.Onnx.Operators;

public sealed class PoolOperatorTests
{
    private static readonly GraphValue Square = OperatorRun.Floats([1, 1, 4, 4], [.. Enumerable.Range(1, 16).Select(i => (float)i)]);

    [Fact]
    public void MaxPool_CeilMode_KeepsTheIncompleteWindow()
    {
        OnnxAttribute[] attributes = [OnnxAttribute.Of("kernel_shape", [3L, 3]), OnnxAttribute.Of("strides", [2L, 2])];
        Assert.Equal([11f], OperatorRun.One("MaxPool", [Square], attributes).Floats);
        Assert.Equal([11f, 12, 15, 16], OperatorRun.One("MaxPool", [Square], [.. attributes, OnnxAttribute.Of("ceil_mode", 1L)]).Floats);

        // A window that would begin in the padding behind the input is no window.
        OnnxAttribute[] behind =
            [OnnxAttribute.Of("kernel_shape", [2L]), OnnxAttribute.Of("strides", [2L]), OnnxAttribute.Of("pads", [0L, 1]), OnnxAttribute.Of("ceil_mode", 1L)];
        Assert.Equal([2f], OperatorRun.One("MaxPool", [OperatorRun.Floats([1, 1, 2], 1, 2)], behind).Floats);
        Assert.Equal([2f, 3], OperatorRun.One("MaxPool", [OperatorRun.Floats([1, 1, 3], 1, 2, 3)], behind).Floats);
    }

    [Fact]
    public void MaxPool_IndicesWanted_CountThroughTheWholeInput()
    {
        GraphValue x = OperatorRun.Floats([1, 2, 2, 3], 1, 2, 3, 6, 5, 4, 9, 8, 7, 1, 2, 3);
        GraphValue[] made = OperatorRun.All("MaxPool", 17, 2, [x], OnnxAttribute.Of("kernel_shape", [2L, 2]));
        Assert.Equal([6f, 5, 9, 8], made[0].Floats);
        Assert.Equal([3L, 4, 6, 7], made[1].Integers);
        GraphValue[] columns = OperatorRun.All("MaxPool", 17, 2, [x], OnnxAttribute.Of("kernel_shape", [2L, 2]), OnnxAttribute.Of("storage_order", 1L));

        // Columns first: row 1, column 0 is the second; row 1, column 1 the fourth; the second channel begins at 6.
        Assert.Equal([1L, 3, 6, 8], columns[1].Integers);
    }

    [Fact]
    public void MaxPool_NaNInTheWindow_IsNaN() =>
        Assert.Equal([float.NaN, float.NaN, 3f], OperatorRun.One("MaxPool", [OperatorRun.Floats([1, 1, 4], 1, float.NaN, 2, 3)], OnnxAttribute.Of("kernel_shape", [2L])).Floats);

    [Fact]
    public void AveragePool_CountIncludePad_DividesByTheWholeWindow()
    {
        GraphValue x = OperatorRun.Floats([1, 1, 3], 3, 6, 9);
        OnnxAttribute[] attributes = [OnnxAttribute.Of("kernel_shape", [3L]), OnnxAttribute.Of("pads", [1L, 1])];
        Assert.Equal([4.5f, 6, 7.5f], OperatorRun.One("AveragePool", [x], attributes).Floats);
        Assert.Equal([3f, 6, 5], OperatorRun.One("AveragePool", [x], [.. attributes, OnnxAttribute.Of("count_include_pad", 1L)]).Floats);

        // The last window of ceil_mode: what lies behind the padding never counts.
        OnnxAttribute[] ceil =
            [OnnxAttribute.Of("kernel_shape", [2L]), OnnxAttribute.Of("strides", [2L]), OnnxAttribute.Of("ceil_mode", 1L), OnnxAttribute.Of("count_include_pad", 1L)];
        Assert.Equal([4.5f, 9], OperatorRun.One("AveragePool", [x], ceil).Floats);
    }

    [Fact]
    public void Pools_RandomWindows_AgreeWithTheirDefinition()
    {
        for (int seed = 0; seed < 80; seed++)
        {
            RandomStream random = new((ulong)seed, RandomPurpose.Testing, 22, 0);
            (int taps, int stride, int dilation) = (1 + random.NextInt(4), 1 + random.NextInt(3), 1 + random.NextInt(3));
            (int before, int after, int size) = (random.NextInt(taps), random.NextInt(taps), 12 + random.NextInt(6));
            bool ceil = random.NextBool(), padded = random.NextBool();
            GraphValue x = OperatorRun.Random(ref random, 2, 3, size);
            OnnxAttribute[] attributes =
            [
                OnnxAttribute.Of("kernel_shape", [(long)taps]), OnnxAttribute.Of("strides", [(long)stride]), OnnxAttribute.Of("dilations", [(long)dilation]),
                OnnxAttribute.Of("pads", [(long)before, after]), OnnxAttribute.Of("ceil_mode", ceil ? 1L : 0),
            ];
            int room = size + before + after - ((taps - 1) * dilation) - 1;
            int places = (ceil ? (int)Math.Ceiling(room / (double)stride) : room / stride) + 1;
            places -= ceil && (places - 1) * stride >= size + before ? 1 : 0;

            float[] maxima = OperatorRun.One("MaxPool", [x], attributes).Floats;
            float[] means = OperatorRun.One("AveragePool", 19, [x], [.. attributes, OnnxAttribute.Of("count_include_pad", padded ? 1L : 0)]).Floats;

            Assert.Equal(6 * places, maxima.Length);
            for (int i = 0; i < maxima.Length; i++)
            {
                int[] at = [.. Enumerable.Range(0, taps).Select(tap => (i % places * stride) - before + (tap * dilation))];
                double[] seen = [.. at.Where(place => place >= 0 && place < size).Select(place => (double)x.Floats[(i / places * size) + place])];
                double count = padded ? at.Count(place => place < size + after) : seen.Length;
                Assert.True(seen.DefaultIfEmpty(double.NegativeInfinity).Max() == maxima[i], $"seed {seed}, maximum {i}");
                Assert.True(seen.Length == 0 || Math.Abs((seen.Sum() / count) - means[i]) < 1e-6, $"seed {seed}, mean {i}: {means[i]}");
            }
        }
    }

    [Fact]
    public void GlobalPools_TwoChannels_GiveOneNumberEach()
    {
        GraphValue x = OperatorRun.Floats([1, 2, 2, 2], 1, 2, 3, 6, -1, -2, -3, -4);
        GraphValue mean = OperatorRun.One("GlobalAveragePool", [x]);
        Assert.Equal([1, 2, 1, 1], mean.Dimensions);
        Assert.Equal([3f, -2.5f], mean.Floats);
        Assert.Equal([6f, -1], OperatorRun.One("GlobalMaxPool", [x]).Floats);
    }

    [Fact]
    public void Pools_ThreeDimensions_AreRefusedByName()
    {
        string message = OperatorRun.Refused("MaxPool", [OperatorRun.Floats([1, 1, 2, 2, 2], new float[8])], OnnxAttribute.Of("kernel_shape", [1L, 1, 1]));
        Assert.Contains("node (MaxPool)", message, StringComparison.Ordinal);
        Assert.Contains("[N,C,H,W] or [N,C,W] is due", message, StringComparison.Ordinal);
        Assert.Contains("no kernel_shape", OperatorRun.Refused("AveragePool", [Square]), StringComparison.Ordinal);
    }
}
