using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Onnx.Operators;

/// <summary>From ONNX's [N,C,H,W] to the engine's [N,H,W,pitch] and back, a row of pixels at a time.</summary>
internal static class ChannelOrder
{
    /// <summary>Writes maps channels last; surplus lanes stay as they are, zero in a new buffer.</summary>
    /// <param name="from">[N,C,H,W].</param>
    /// <param name="offset">Where in it the first image begins.</param>
    /// <param name="shape">The maps.</param>
    /// <param name="to">[N,H,W,pitch].</param>
    /// <param name="workers">Threads.</param>
    public static void ToLast(float[] from, int offset, MapShape shape, NativeBuffer to, Workers workers) =>
        ParallelLoop.Run(workers, shape.N * shape.H, (row, _) =>
        {
            ReadOnlySpan<float> x = from.AsSpan(offset + Start(shape, row));
            Span<float> y = to.Slice((long)row * shape.W * shape.Pitch, shape.W * shape.Pitch);
            int plane = shape.H * shape.W;
            for (int w = 0; w < shape.W; w++)
            {
                for (int c = 0; c < shape.C; c++)
                {
                    y[(w * shape.Pitch) + c] = x[(c * plane) + w];
                }
            }
        });

    /// <summary>Writes maps channels first.</summary>
    /// <param name="from">[N,H,W,pitch].</param>
    /// <param name="shape">The maps.</param>
    /// <param name="to">[N,C,H,W].</param>
    /// <param name="offset">Where in it the first image begins.</param>
    /// <param name="workers">Threads.</param>
    public static void ToFirst(NativeBuffer from, MapShape shape, float[] to, int offset, Workers workers) =>
        ParallelLoop.Run(workers, shape.N * shape.H, (row, _) =>
        {
            ReadOnlySpan<float> x = from.Slice((long)row * shape.W * shape.Pitch, shape.W * shape.Pitch);
            Span<float> y = to.AsSpan(offset + Start(shape, row));
            int plane = shape.H * shape.W;
            for (int c = 0; c < shape.C; c++)
            {
                for (int w = 0; w < shape.W; w++)
                {
                    y[(c * plane) + w] = x[(w * shape.Pitch) + c];
                }
            }
        });

    private static int Start(MapShape shape, int row) => (((row / shape.H * shape.C) * shape.H) + (row % shape.H)) * shape.W;
}
