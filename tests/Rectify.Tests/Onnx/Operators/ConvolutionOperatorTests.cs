using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Tests.Onnx.Operators;

public sealed class ConvolutionOperatorTests
{
    [Fact]
    public void Conv_ThreeByThreeOverFiveByFive_GivesTheSumsWorkedOutByHand()
    {
        GraphValue x = OperatorRun.Floats([1, 1, 5, 5], [.. Enumerable.Range(0, 25).Select(i => (float)i)]);
        GraphValue w = OperatorRun.Floats([1, 1, 3, 3], [.. Enumerable.Repeat(1f, 9)]);

        Assert.Equal([54f, 63, 72, 99, 108, 117, 144, 153, 162], OperatorRun.One("Conv", [x, w]).Floats);

        // Padded, the corner has four pixels: 0 + 1 + 5 + 6.
        float[] padded = OperatorRun.One("Conv", [x, w], OnnxAttribute.Of("pads", [1L, 1, 1, 1])).Floats;
        Assert.Equal([12f, 21, 27, 33, 24, 33, 54, 63, 72, 51], padded[..10]);

        // From the top alone, two rows at a time.
        GraphValue asymmetric = OperatorRun.One("Conv", [x, w], OnnxAttribute.Of("pads", [1L, 0, 0, 0]), OnnxAttribute.Of("strides", [2L, 2]));
        Assert.Equal([1, 1, 2, 2], asymmetric.Dimensions);
        Assert.Equal([21f, 33, 99, 117], asymmetric.Floats);
    }

    [Theory]
    [InlineData("SAME_UPPER", new[] { 3f, 5, 3 })]
    [InlineData("SAME_LOWER", new[] { 1f, 3, 5 })]
    [InlineData("VALID", new[] { 1f, 3, 5 })]
    public void Conv_AutoPad_PadsWhereItSays(string pad, float[] expected)
    {
        GraphValue x = OperatorRun.Floats([1, 1, pad == "VALID" ? 4 : 3], pad == "VALID" ? [0, 1, 2, 3] : [1, 2, 3]);
        GraphValue w = OperatorRun.Floats([1, 1, 2], 1, 1);

        Assert.Equal(expected, OperatorRun.One("Conv", [x, w], OnnxAttribute.Of("auto_pad", pad)).Floats);
    }

    [Fact]
    public void Conv_RandomShapes_AgreesWithSumsInFloat64()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            RandomStream random = new((ulong)seed, RandomPurpose.Testing, 21, 0);
            bool line = random.NextInt(4) == 0;
            int groups = random.NextInt(4) == 0 ? 2 : 1;
            int channels = groups * (1 + random.NextInt(random.NextBool() ? 4 : 20));
            int filters = groups * (1 + random.NextInt(20));
            int[] taps = [line ? 1 : 1 + random.NextInt(4), 1 + random.NextInt(4)];
            int[] strides = [line ? 1 : 1 + random.NextInt(3), 1 + random.NextInt(3)];
            int[] dilations = random.NextInt(3) > 0 ? [1, 1] : [line ? 1 : 1 + random.NextInt(3), 1 + random.NextInt(3)];
            int[] pads = [.. Enumerable.Range(0, 4).Select(i => line && i % 2 == 0 ? 0 : random.NextInt(3))];
            int[] sizes = [line ? 1 : 10 + random.NextInt(9), 10 + random.NextInt(9)];
            GraphValue x = OperatorRun.Random(ref random, line ? [2, channels, sizes[1]] : [2, channels, sizes[0], sizes[1]]);
            GraphValue w = OperatorRun.Random(ref random, line ? [filters, channels / groups, taps[1]] : [filters, channels / groups, taps[0], taps[1]]);
            GraphValue? b = random.NextBool() ? OperatorRun.Random(ref random, filters) : null;
            long[] Of(int[] both) => line ? [both[1]] : [both[0], both[1]];

            GraphValue y = OperatorRun.One(
                "Conv",
                [x, w, b],
                OnnxAttribute.Of("group", groups),
                OnnxAttribute.Of("strides", Of(strides)),
                OnnxAttribute.Of("dilations", Of(dilations)),
                OnnxAttribute.Of("pads", line ? [(long)pads[1], pads[3]] : Array.ConvertAll(pads, pad => (long)pad)));

            double[] expected = Naive(x, w, b, groups, sizes, taps, strides, dilations, pads);
            Assert.True(expected.Length == y.Count, $"seed {seed}: {y}");
            double error = expected.Zip(y.Floats, (a, c) => Math.Abs(a - c)).Max();

            // A sum of some 300 products of modest numbers, Winograd's errors included; a tap that is missing would be off by about 1.
            Assert.True(error < 2e-3, $"seed {seed}: off by {error}");
        }
    }

    [Fact]
    public void Conv_WhatDoesNotFit_IsRefusedWithASentence()
    {
        GraphValue x = OperatorRun.Floats([1, 2, 4, 4], new float[32]);
        Assert.Contains("2 channels and its 1 filters expect 3", OperatorRun.Refused("Conv", [x, OperatorRun.Floats([1, 3, 1, 1], new float[3])]), StringComparison.Ordinal);
        Assert.Contains("reaches over 5", OperatorRun.Refused("Conv", [x, OperatorRun.Floats([1, 2, 5, 1], new float[10])]), StringComparison.Ordinal);
        Assert.Contains("biases [2] do not fit", OperatorRun.Refused("Conv", [x, OperatorRun.Floats([1, 2, 1, 1], 1, 1), OperatorRun.Floats([2], 1, 1)]), StringComparison.Ordinal);
        Assert.Contains(
            "both pads and auto_pad",
            OperatorRun.Refused("Conv", [x, OperatorRun.Floats([1, 2, 1, 1], 1, 1)], OnnxAttribute.Of("pads", [1L, 1, 1, 1]), OnnxAttribute.Of("auto_pad", "VALID")),
            StringComparison.Ordinal);
        Assert.Contains("strides", OperatorRun.Refused("Conv", [x, OperatorRun.Floats([1, 2, 1, 1], 1, 1)], OnnxAttribute.Of("strides", [0L, 1])), StringComparison.Ordinal);
        Assert.Contains(
            "more memory",
            OperatorRun.Refused("Conv", [x, OperatorRun.Floats([1, 2, 1, 1], 1, 1)], OnnxAttribute.Of("pads", [1L << 24, 1L << 24, 0, 0])), StringComparison.Ordinal);
    }

    // y[n,k,p,q] = b[k] + Σ w·x, as the definition says it.
    private static double[] Naive(GraphValue x, GraphValue w, GraphValue? b, int groups, int[] sizes, int[] taps, int[] strides, int[] dilations, int[] pads)
    {
        (int n, int channels, int filters) = (x.Dimensions[0], x.Dimensions[1], w.Dimensions[0]);
        int inGroup = channels / groups;
        int rows = ((sizes[0] + pads[0] + pads[2] - ((taps[0] - 1) * dilations[0]) - 1) / strides[0]) + 1;
        int columns = ((sizes[1] + pads[1] + pads[3] - ((taps[1] - 1) * dilations[1]) - 1) / strides[1]) + 1;
        List<double> y = [];
        for (int i = 0; i < n * filters * rows * columns; i++)
        {
            (int image, int k, int p, int q) = (i / (filters * rows * columns), i / (rows * columns) % filters, i / columns % rows, i % columns);
            double sum = b?.Floats[k] ?? 0;
            for (int j = 0; j < inGroup * taps[0] * taps[1]; j++)
            {
                (int c, int r, int s) = (j / (taps[0] * taps[1]), j / taps[1] % taps[0], j % taps[1]);
                (int row, int column) = ((p * strides[0]) - pads[0] + (r * dilations[0]), (q * strides[1]) - pads[1] + (s * dilations[1]));
                if (row >= 0 && row < sizes[0] && column >= 0 && column < sizes[1])
                {
                    int channel = (k / (filters / groups) * inGroup) + c;
                    sum += (double)w.Floats[(k * inGroup * taps[0] * taps[1]) + j] * x.Floats[(((((image * channels) + channel) * sizes[0]) + row) * sizes[1]) + column];
                }
            }

            y.Add(sum);
        }

        return [.. y];
    }
}
