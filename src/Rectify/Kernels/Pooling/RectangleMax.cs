using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Pooling;

/// <summary>Maximum over a rectangle of pixels, for a vector of channels: what all poolings are made of.</summary>
internal static unsafe class RectangleMax<V>
    where V : struct, ILanes<V>
{
    /// <summary>Finds the maxima of one vector of channels.</summary>
    /// <param name="image">First pixel of the image, at the first channel wanted.</param>
    /// <param name="width">Pixels in a row of the image.</param>
    /// <param name="pitch">Floats from a pixel to the next.</param>
    /// <param name="top">First row.</param>
    /// <param name="bottom">Row after the last.</param>
    /// <param name="left">First column.</param>
    /// <param name="right">Column after the last.</param>
    /// <param name="winner">The pixels h·width + w of the maxima, as floats: exact up to 2²⁴.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Find(float* image, int width, int pitch, int top, int bottom, int left, int right, out V winner)
    {
        int pixel = (top * width) + left;
        V best = V.Load(image + ((nint)pixel * pitch));
        winner = V.Broadcast(pixel);
        for (int h = top; h < bottom; h++)
        {
            for (int w = left; w < right; w++)
            {
                pixel = (h * width) + w;
                V x = V.Load(image + ((nint)pixel * pitch));
                V at = V.Broadcast(pixel);

                winner = V.SelectExceeding(x, best, at, winner);
                best = V.SelectExceeding(x, best, x, best);
            }
        }

        return best;
    }

    /// <summary>The same without saying where.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Find(float* image, int width, int pitch, int top, int bottom, int left, int right)
    {
        V best = V.Load(image + ((nint)((top * width) + left) * pitch));
        for (int h = top; h < bottom; h++)
        {
            for (int w = left; w < right; w++)
            {
                V x = V.Load(image + ((nint)((h * width) + w) * pitch));
                best = V.SelectExceeding(x, best, x, best);
            }
        }

        return best;
    }
}
