using System.Numerics;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>The convolution as it is defined, term by term, summed in float64: the judge of every kernel, and over doubles the subject of gradient checks.</summary>
/// <typeparam name="T">What the operands are stored in: float or double.</typeparam>
internal static class ConvolutionReference<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>y = b + Σ w·x (equation 5); overwrites y, its surplus lanes with zero.</summary>
    public static void Forward(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> bias, Span<T> y)
    {
        MapShape output = shape.Output;
        y[..output.Length].Clear();
        for (int pixel = 0; pixel < output.Pixels; pixel++)
        {
            for (int k = 0; k < shape.K; k++)
            {
                double sum = bias.IsEmpty ? 0.0 : double.CreateChecked(bias[k]);
                foreach ((int xPixel, int tap) in new TapEnumerator(shape, pixel))
                {
                    for (int c = 0; c < shape.Input.C; c++)
                    {
                        sum += double.CreateChecked(w[WeightIndex(shape, k, tap, c)]) * double.CreateChecked(x[(xPixel * shape.Input.Pitch) + c]);
                    }
                }

                y[(pixel * output.Pitch) + k] = T.CreateTruncating(sum);
            }
        }
    }

    /// <summary>dx = Σ w·dy (equation 11); overwrites dx, its surplus lanes with zero.</summary>
    public static void BackwardData(in ConvolutionShape shape, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx)
    {
        MapShape output = shape.Output;
        double[] sums = new double[shape.Input.Length];
        for (int pixel = 0; pixel < output.Pixels; pixel++)
        {
            foreach ((int xPixel, int tap) in new TapEnumerator(shape, pixel))
            {
                for (int k = 0; k < shape.K; k++)
                {
                    double g = double.CreateChecked(dy[(pixel * output.Pitch) + k]);
                    for (int c = 0; c < shape.Input.C; c++)
                    {
                        sums[(xPixel * shape.Input.Pitch) + c] += g * double.CreateChecked(w[WeightIndex(shape, k, tap, c)]);
                    }
                }
            }
        }

        Store(sums, dx, accumulate: false);
    }

    /// <summary>dw += Σ x·dy.</summary>
    public static void BackwardFilter(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
    {
        MapShape output = shape.Output;
        double[] sums = new double[shape.WeightLength];
        for (int pixel = 0; pixel < output.Pixels; pixel++)
        {
            foreach ((int xPixel, int tap) in new TapEnumerator(shape, pixel))
            {
                for (int k = 0; k < shape.K; k++)
                {
                    double g = double.CreateChecked(dy[(pixel * output.Pitch) + k]);
                    for (int c = 0; c < shape.Input.C; c++)
                    {
                        sums[WeightIndex(shape, k, tap, c)] += g * double.CreateChecked(x[(xPixel * shape.Input.Pitch) + c]);
                    }
                }
            }
        }

        Store(sums, dw, accumulate: true);
    }

    /// <summary>Where w[k,r,s,c] lies, for tap = r·S + s.</summary>
    public static int WeightIndex(in ConvolutionShape shape, int k, int tap, int c) =>
        (((k / Block * shape.Window.R * shape.Window.S) + tap) * shape.Input.Pitch + c) * Block + (k % Block);

    private static void Store(double[] sums, Span<T> destination, bool accumulate)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            destination[i] = T.CreateTruncating(sums[i] + (accumulate ? double.CreateChecked(destination[i]) : 0.0));
        }
    }

    // The pixels of the input under a window, with the filter's tap for each; what lies in the padding is left out.
    private ref struct TapEnumerator(ConvolutionShape shape, int pixel)
    {
        private readonly int _w0 = (pixel % shape.Output.W * shape.Window.StrideW) - shape.Window.PadLeft;
        private readonly int _h0 = (pixel / shape.Output.W % shape.Output.H * shape.Window.StrideH) - shape.Window.PadTop;
        private readonly int _image = pixel / shape.Output.W / shape.Output.H;
        private int _tap = -1;

        public (int Pixel, int Tap) Current { get; private set; }

        public readonly TapEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (++_tap < shape.Window.R * shape.Window.S)
            {
                int h = _h0 + (_tap / shape.Window.S);
                int w = _w0 + (_tap % shape.Window.S);
                if ((uint)h < (uint)shape.Input.H && (uint)w < (uint)shape.Input.W)
                {
                    Current = ((((_image * shape.Input.H) + h) * shape.Input.W) + w, _tap);
                    return true;
                }
            }

            return false;
        }
    }
}
