using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Tests.Onnx.Operators;

public sealed class MatrixOperatorTests
{
    [Fact]
    public void Gemm_RandomMatrices_AgreesWithSumsInFloat64()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            RandomStream random = new((ulong)seed, RandomPurpose.Testing, 23, 0);
            (int rows, int depth, int columns) = (1 + random.NextInt(40), 1 + random.NextInt(70), 1 + random.NextInt(40));
            bool turnA = random.NextBool(), turnB = random.NextBool();
            float alpha = random.NextBool() ? 1f : 0.5f, beta = random.NextBool() ? 1f : -2f;
            GraphValue a = OperatorRun.Random(ref random, turnA ? [depth, rows] : [rows, depth]);
            GraphValue b = OperatorRun.Random(ref random, turnB ? [columns, depth] : [depth, columns]);
            GraphValue? c = random.NextInt(6) switch
            {
                0 => null,
                1 => OperatorRun.Random(ref random),
                2 => OperatorRun.Random(ref random, columns),
                3 => OperatorRun.Random(ref random, rows, 1),
                4 => OperatorRun.Random(ref random, 1, columns),
                _ => OperatorRun.Random(ref random, rows, columns),
            };

            float[] y = OperatorRun.One(
                "Gemm",
                [a, b, c],
                OnnxAttribute.Of("alpha", alpha),
                OnnxAttribute.Of("beta", beta),
                OnnxAttribute.Of("transA", turnA ? 1L : 0),
                OnnxAttribute.Of("transB", turnB ? 1L : 0)).Floats;

            for (int i = 0; i < rows * columns; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                double sum = Enumerable.Range(0, depth).Sum(d =>
                    (double)a.Floats[turnA ? (d * rows) + row : (row * depth) + d] * b.Floats[turnB ? (column * depth) + d : (d * columns) + column]);
                int at = c is null || c.Count == 1 ? 0
                    : c.Dimensions.Count == 1 ? column
                    : ((c.Dimensions[0] > 1 ? row : 0) * c.Dimensions[1]) + (c.Dimensions[1] > 1 ? column : 0);
                double expected = (alpha * sum) + (c is null ? 0 : beta * c.Floats[at]);
                Assert.True(Math.Abs(expected - y[i]) < 1e-4, $"seed {seed}, element {i}: {y[i]} for {expected}");
            }
        }
    }

    [Theory]
    [InlineData(new[] { 2, 3 }, new[] { 3, 4 }, new[] { 2, 4 })]
    [InlineData(new[] { 3 }, new[] { 3 }, new int[0])]
    [InlineData(new[] { 3 }, new[] { 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 3 }, new[] { 3 }, new[] { 2 })]
    [InlineData(new[] { 5, 2, 3 }, new[] { 3, 4 }, new[] { 5, 2, 4 })]
    [InlineData(new[] { 2, 3 }, new[] { 5, 3, 4 }, new[] { 5, 2, 4 })]
    [InlineData(new[] { 4, 1, 2, 3 }, new[] { 5, 3, 17 }, new[] { 4, 5, 2, 17 })]
    public void MatMul_AxesBeforeTheMatrices_AreRepeated(int[] left, int[] right, int[] expected)
    {
        RandomStream random = new(5, RandomPurpose.Testing, 24, 0);
        (GraphValue a, GraphValue b) = (OperatorRun.Random(ref random, left), OperatorRun.Random(ref random, right));
        GraphValue y = OperatorRun.One("MatMul", [a, b]);
        Assert.Equal(expected, y.Dimensions);
        (int depth, int columns, int rows) = (left[^1], right.Length > 1 ? right[^1] : 1, left.Length > 1 ? left[^2] : 1);
        int matrices = y.Count / (rows * columns), ofB = b.Count / (depth * columns);
        for (int i = 0; i < y.Count; i++)
        {
            (int matrix, int row, int column) = (i / (rows * columns), i / columns % rows, i % columns);
            int matrixA = a.Count / (rows * depth) * matrix / matrices, matrixB = matrix % ofB;
            double sum = Enumerable.Range(0, depth).Sum(d => (double)a.Floats[(((matrixA * rows) + row) * depth) + d] * b.Floats[(((matrixB * depth) + d) * columns) + column]);
            Assert.True(Math.Abs(sum - y.Floats[i]) < 1e-5, $"element {i}: {y.Floats[i]} for {sum}");
        }
    }

    [Fact]
    public void Products_ThatDoNotFit_AreRefusedWithASentence()
    {
        (GraphValue a, GraphValue b) = (OperatorRun.Floats([2, 3], new float[6]), OperatorRun.Floats([4, 2], new float[8]));
        Assert.Contains("3 numbers a row and its weights expect 4", OperatorRun.Refused("Gemm", [a, b]), StringComparison.Ordinal);
        Assert.Contains("3 columns do not go with 4 rows", OperatorRun.Refused("MatMul", [a, b]), StringComparison.Ordinal);
        Assert.Contains("put a Flatten before it", OperatorRun.Refused("Gemm", [OperatorRun.Floats([1, 2, 3], new float[6]), b]), StringComparison.Ordinal);
        Assert.Contains(
            "[2,2] and [3] do not go together",
            OperatorRun.Refused("Gemm", [OperatorRun.Floats([2, 4], new float[8]), b, OperatorRun.Floats([3], new float[3])]), StringComparison.Ordinal);
    }
}
