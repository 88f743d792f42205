using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Pooling;

/// <summary>Maxima over a rectangle of pixels, channel by channel, and the pixels that won: what all poolings are made of.</summary>
/// <remarks>The first of equal numbers wins, and the first NaN before all numbers. Winners are pixels h·width + w as floats: exact up to 2²⁴.</remarks>
internal readonly unsafe struct RectangleMax<V>(int width, int pitch, bool stream, nint ahead)
    where V : struct, ILanes<V>
{
    private const int Line = 16;

    // So many vectors at a time, for each comparison of one waits for the one before.
    private const int Together = 4;

    // Pixels in a row of the image, and floats from one to the next.
    private readonly int _width = width;
    private readonly int _pitch = pitch;

    // Whether results go past the caches, and how many floats behind what is compared lies what is asked for; 0 for none.
    private readonly bool _stream = stream;
    private readonly nint _ahead = ahead;

    /// <summary>Finds the maxima of some channels.</summary>
    /// <param name="image">First pixel of the image, at the first channel wanted.</param>
    /// <param name="r">The rectangle; at least one pixel.</param>
    /// <param name="channels">Channels, a multiple of 16.</param>
    /// <param name="y">The maxima.</param>
    /// <param name="winners">The pixels that won; null if nobody wants to know.</param>
    public void Find(float* image, PixelRectangle r, int channels, float* y, float* winners)
    {
        int c = 0;
        for (; c <= channels - (Together * V.Width); c += Together * V.Width)
        {
            Four(image + c, r, y + c, winners is null ? null : winners + c);
        }

        for (; c < channels; c += V.Width)
        {
            One(image + c, r, y + c, winners is null ? null : winners + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Challenge(V x, V at, ref V best, ref V winner)
    {
        winner = V.SelectExceeding(x, best, at, winner);
        best = V.SelectExceeding(x, best, x, best);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Four(float* image, PixelRectangle r, float* y, float* winners)
    {
        float* x = image + ((((nint)r.Top * _width) + r.Left) * _pitch);
        (V y0, V y1, V y2, V y3) = (V.Load(x), V.Load(x + V.Width), V.Load(x + (2 * V.Width)), V.Load(x + (3 * V.Width)));
        V w0 = V.Broadcast((r.Top * _width) + r.Left), w1 = w0, w2 = w0, w3 = w0;
        for (int h = r.Top; h < r.Bottom; h++)
        {
            int pixel = (h * _width) + r.Left;
            x = image + ((nint)pixel * _pitch);
            for (int w = r.Left; w < r.Right; w++, pixel++, x += _pitch)
            {
                Prefetch(x);
                V at = V.Broadcast(pixel);
                Challenge(V.Load(x), at, ref y0, ref w0);
                Challenge(V.Load(x + V.Width), at, ref y1, ref w1);
                Challenge(V.Load(x + (2 * V.Width)), at, ref y2, ref w2);
                Challenge(V.Load(x + (3 * V.Width)), at, ref y3, ref w3);
            }
        }

        Put(y0, y1, y2, y3, y);
        if (winners is not null)
        {
            Put(w0, w1, w2, w3, winners);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One(float* image, PixelRectangle r, float* y, float* winners)
    {
        int pixel = (r.Top * _width) + r.Left;
        V best = V.Load(image + ((nint)pixel * _pitch)), winner = V.Broadcast(pixel);
        for (int h = r.Top; h < r.Bottom; h++)
        {
            for (int w = r.Left; w < r.Right; w++)
            {
                pixel = (h * _width) + w;
                Challenge(V.Load(image + ((nint)pixel * _pitch)), V.Broadcast(pixel), ref best, ref winner);
            }
        }

        V.Store(best, y);
        if (winners is not null)
        {
            V.Store(winner, winners);
        }
    }

    // Short runs in many rows are more than hardware follows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(float* x)
    {
        if (Sse.IsSupported && _ahead != 0)
        {
            for (int i = 0; i < Together * V.Width; i += Line)
            {
                Sse.Prefetch0(x + _ahead + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(V v0, V v1, V v2, V v3, float* to)
    {
        if (_stream)
        {
            V.Stream(v0, to);
            V.Stream(v1, to + V.Width);
            V.Stream(v2, to + (2 * V.Width));
            V.Stream(v3, to + (3 * V.Width));
        }
        else
        {
            V.Store(v0, to);
            V.Store(v1, to + V.Width);
            V.Store(v2, to + (2 * V.Width));
            V.Store(v3, to + (3 * V.Width));
        }
    }
}
