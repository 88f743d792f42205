using Rectify.Kernels;
using Rectify.Kernels.Threading;

namespace Rectify.Onnx.Operators;

/// <summary>y[n,k,p,q] = b[k] + Σ w[k,c,r,s]·x[n,c,p·stride−pad+r·dilation,…]: any dilations and groups, channel by channel, tap by tap.</summary>
internal static class ConvolutionByLoops
{
    public static void Run(ConvolutionData data, KernelContext context) =>
        ParallelLoop.Run(context.Workers, checked(data.N * data.K), (item, _) => Plane(data, item / data.K, item % data.K));

    private static void Plane(ConvolutionData data, int n, int k)
    {
        (WindowAxis rows, WindowAxis columns) = (data.Rows, data.Columns);
        Span<float> y = data.Y.AsSpan(((n * data.K) + k) * data.OutputPlane, data.OutputPlane);
        y.Fill(data.B is null ? 0f : data.B[k]);
        int channels = data.C / data.Groups;
        int first = k / (data.K / data.Groups) * channels;
        int filter = rows.Taps * columns.Taps;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> x = data.X.AsSpan(((n * data.C) + first + c) * data.InputPlane, data.InputPlane);
            ReadOnlySpan<float> w = data.W.AsSpan(((k * channels) + c) * filter, filter);
            for (int tap = 0; tap < filter; tap++)
            {
                Tap(x, w[tap], y, rows, columns, tap / columns.Taps, tap % columns.Taps);
            }
        }
    }

    private static void Tap(ReadOnlySpan<float> x, float w, Span<float> y, WindowAxis rows, WindowAxis columns, int r, int s)
    {
        (int firstRow, int endRow) = rows.Inside(r);
        (int first, int end) = columns.Inside(s);
        if (first == end)
        {
            return;
        }

        for (int p = firstRow; p < endRow; p++)
        {
            ReadOnlySpan<float> from = x[((rows.At(p, r) * columns.Size) + columns.At(first, s))..];
            Span<float> to = y.Slice((p * columns.Outputs) + first, end - first);
            for (int q = 0; q < to.Length; q++)
            {
                to[q] += w * from[q * columns.Stride];
            }
        }
    }
}
