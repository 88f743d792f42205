using Rectify.Onnx.Graphs;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>Finds spatial pyramid pooling, which ONNX has no operator for, in slices, maxima and concatenations.</summary>
/// <remarks>What the nodes look like does not decide: they are run on random maps, and the bins must have the pyramid's maxima. If photos may be of any size, maps of several
/// sizes are tried.</remarks>
internal static class PyramidSearch
{
    private const int BinAxis = 2;

    /// <summary>The levels of the pyramid that a join makes; null where it makes none.</summary>
    /// <param name="piece">A join and its branches.</param>
    /// <param name="trace">Shapes and constants.</param>
    public static int[]? Levels(FlowPiece piece, ConversionTrace trace)
    {
        if (piece.Node.Operator != "Concat"
            || piece.Nodes.Any(node => node.Operator is not ("Concat" or "Slice" or "ReduceMax" or "Reshape" or "GlobalMaxPool" or "Identity"))
            || trace[piece.Source].Shape is not [_, var channels, var height, var width]
            || trace[piece.Node.Outputs[0]].Shape is not [_, var bins, _, 1]
            || bins != channels)
        {
            return null;
        }

        int[] cells = [.. piece.Node.Inputs.Select(input => trace[input].Shape[BinAxis])];
        int[] levels = [.. cells.Select(count => (int)Math.Round(Math.Sqrt(count)))];
        (int, int)[] sizes = trace.TakesAnySize ? [(height, width), (height + 1, width + 3), ((2 * height) + 5, width + 2)] : [(height, width)];
        return levels.Zip(cells).All(pair => pair.First * pair.First == pair.Second && pair.First >= 1) && sizes.All(size => Agrees(piece, trace, levels, size)) ? levels : null;
    }

    private static bool Agrees(FlowPiece piece, ConversionTrace trace, int[] levels, (int Height, int Width) size)
    {
        // One number stands in one place alone: whoever finds the same maxima looks at the same pixels, but for the smaller ones.
        const int Trials = 4;
        int pixels = size.Height * size.Width;
        int channels = trace[piece.Source].Shape[1];
        for (int trial = 0; trial < Trials; trial++)
        {
            RandomStream random = new(1, RandomPurpose.Testing, (uint)trial, 0);
            float[] map = new float[channels * pixels];
            for (int i = 0; i < map.Length; i++)
            {
                map[i] = random.NextInt(1 << 24);
            }

            GraphValue? made = trace.Rerun(piece.Source, GraphValue.Of([1, channels, size.Height, size.Width], map), piece.Node.Outputs[0]);
            if (made is not { IsFloat: true } || !made.Floats.AsSpan().SequenceEqual(Expected(map, channels, size, levels)))
            {
                return false;
            }
        }

        return true;
    }

    private static float[] Expected(float[] map, int channels, (int Height, int Width) size, int[] levels)
    {
        List<float> maxima = [];
        for (int c = 0; c < channels; c++)
        {
            foreach (int n in levels)
            {
                for (int bin = 0; bin < n * n; bin++)
                {
                    (int top, int bottom) = (bin / n * size.Height / n, (((bin / n) + 1) * size.Height + n - 1) / n);
                    (int left, int right) = (bin % n * size.Width / n, (((bin % n) + 1) * size.Width + n - 1) / n);
                    float max = float.NegativeInfinity;
                    for (int row = top; row < bottom; row++)
                    {
                        foreach (float value in map.AsSpan((((c * size.Height) + row) * size.Width) + left, right - left))
                        {
                            max = MathF.Max(max, value);
                        }
                    }

                    maxima.Add(max);
                }
            }
        }

        return [.. maxima];
    }
}
