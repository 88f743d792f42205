using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Onnx.Operators;

/// <summary>A convolution by the engine: maps turned to channels last, the fastest kernel, and back.</summary>
internal static class ConvolutionByKernels
{
    // Floats of maps at a time: a large batch goes in parts.
    private const long MostFloats = 1 << 26;

    /// <summary>Whether the engine has such convolutions: no groups, no dilations, maps that it can count.</summary>
    public static bool Supports(ConvolutionData data) =>
        data.Groups == 1
        && data is { Rows.Dilation: 1, Columns.Dilation: 1, C: > 0 }
        && Floats(data) <= int.MaxValue / 2
        && (long)Blocks(data.K) * data.Rows.Taps * data.Columns.Taps * Blocks(data.C) <= int.MaxValue / 2;

    public static void Run(ConvolutionData data, KernelContext context)
    {
        (WindowAxis rows, WindowAxis columns) = (data.Rows, data.Columns);

        // Padding behind that no window reaches does not matter: the places are counted by what is wanted.
        Window window = new(
            rows.Taps, columns.Taps, rows.Stride, columns.Stride, rows.Before, columns.Before, Reached(rows), Reached(columns));
        MapShape one = data.C < MapShape.ChannelBlock
            ? MapShape.Image(1, rows.Size, columns.Size, data.C)
            : MapShape.Map(1, rows.Size, columns.Size, data.C);
        int batch = (int)Math.Clamp(MostFloats / Math.Max(1, Floats(data)), 1, data.N);
        ConvolutionShape largest = new(one.WithBatch(batch), data.K, window);
        using Weight weight = new("w", data.K, data.C, rows.Taps, columns.Taps, one.Pitch);
        weight.FromFile(data.W, weight.Values);
        using NativeBuffer x = new(largest.Input.Length);
        using NativeBuffer y = new(largest.Output.Length);
        using NativeBuffer bias = new(data.B is null ? 0 : Blocks(data.K));
        data.B?.CopyTo(bias.Slice(0, data.K));
        for (int n = 0; n < data.N; n += batch)
        {
            ConvolutionShape shape = largest with { Input = one.WithBatch(Math.Min(batch, data.N - n)) };
            ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Choose(shape, context);
            using NativeBuffer scratch = new(kernel.ScratchLength(shape, context.Workers.Count));
            ChannelOrder.ToLast(data.X, n * data.C * data.InputPlane, shape.Input, x, context.Workers);
            kernel.Run(
                shape,
                new ConvolutionForwardOperands
                {
                    X = x.Slice(0, shape.Input.Length),
                    W = weight.Values,
                    Bias = bias.Slice(0, (int)bias.Length),
                    Y = y.Slice(0, shape.Output.Length),
                    Scratch = scratch.Slice(0, checked((int)scratch.Length)),
                },
                context);
            ChannelOrder.ToFirst(y, shape.Output, data.Y, n * data.K * data.OutputPlane, context.Workers);
        }
    }

    private static int Reached(WindowAxis axis) => Math.Max(0, ((axis.Outputs - 1) * axis.Stride) + axis.Taps - axis.Size - axis.Before);

    // Of the larger of an image's two maps.
    private static long Floats(ConvolutionData data) => Math.Max(
        (long)data.Rows.Size * data.Columns.Size * Blocks(data.C), (long)data.Rows.Outputs * data.Columns.Outputs * Blocks(data.K));

    private static int Blocks(int channels) => MapShape.Blocks(channels) * MapShape.ChannelBlock;
}
