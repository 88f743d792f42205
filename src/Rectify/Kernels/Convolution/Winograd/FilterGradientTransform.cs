using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>dg (+)= Gᵀ dU G: the adjoint of the filter transform, from 36 points to 9 taps; see <see cref="WinogradPoints"/>.</summary>
/// <remarks>Lanes are filters.</remarks>
internal static unsafe class FilterGradientTransform<V>
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>Transforms the gradients of a panel of 16 filters over some channels.</summary>
    /// <param name="channels">Input channels.</param>
    /// <param name="u">dU: point 0 of the first channel.</param>
    /// <param name="row">Floats from a channel to the next in it.</param>
    /// <param name="point">Floats from a point to the next.</param>
    /// <param name="g">dg: tap 0 of the first channel; channels 16 floats apart.</param>
    /// <param name="tap">Floats from a tap to the next.</param>
    /// <param name="accumulate">Adds to dg instead of overwriting it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int channels, float* u, nint row, nint point, float* g, nint tap, bool accumulate)
    {
        for (int i = 0; i < channels; i++, u += row, g += Block)
        {
            for (int lane = 0; lane < Block; lane += V.Width)
            {
                EvenRows(u + lane, point, g + lane, tap, accumulate);
                OddRow(u + lane, point, g + lane, tap, accumulate);
            }
        }
    }

    // Down the columns, then along rows 0 and 2 of the filter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenRows(float* u, nint point, float* g, nint tap, bool accumulate)
    {
        nint six = 6 * point;
        V s0 = Sum(u, six), t0 = Sum(u + (2 * six), six);
        V s1 = Sum(u + point, six), t1 = Sum(u + (2 * six) + point, six);
        V s2 = Sum(u + (2 * point), six), t2 = Sum(u + (2 * six) + (2 * point), six);
        V s3 = Sum(u + (3 * point), six), t3 = Sum(u + (2 * six) + (3 * point), six);
        V s4 = Sum(u + (4 * point), six), t4 = Sum(u + (2 * six) + (4 * point), six);
        V s5 = Sum(u + (5 * point), six), t5 = Sum(u + (2 * six) + (5 * point), six);
        V zero = V.Broadcast(WinogradPoints.Zero), a = V.Broadcast(WinogradPoints.ScaleA), b = V.Broadcast(WinogradPoints.ScaleB);
        Put(
            V.MultiplyAdd(V.Load(u), zero, Mix(s0, a, t0, b)), V.MultiplyAdd(V.Load(u + point), zero, Mix(s1, a, t1, b)),
            V.MultiplyAdd(V.Load(u + (2 * point)), zero, Mix(s2, a, t2, b)), V.MultiplyAdd(V.Load(u + (3 * point)), zero, Mix(s3, a, t3, b)),
            V.MultiplyAdd(V.Load(u + (4 * point)), zero, Mix(s4, a, t4, b)), V.MultiplyAdd(V.Load(u + (5 * point)), zero, Mix(s5, a, t5, b)), g, tap, accumulate);
        a = V.Broadcast(WinogradPoints.ScaleA2);
        b = V.Broadcast(WinogradPoints.ScaleB2);
        u += 5 * six;
        Put(
            V.Load(u) + Mix(s0, a, t0, b), V.Load(u + point) + Mix(s1, a, t1, b), V.Load(u + (2 * point)) + Mix(s2, a, t2, b),
            V.Load(u + (3 * point)) + Mix(s3, a, t3, b), V.Load(u + (4 * point)) + Mix(s4, a, t4, b), V.Load(u + (5 * point)) + Mix(s5, a, t5, b),
            g + (6 * tap), tap, accumulate);
    }

    // Row 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddRow(float* u, nint point, float* g, nint tap, bool accumulate) => Put(
        Odd(u, point), Odd(u + point, point), Odd(u + (2 * point), point),
        Odd(u + (3 * point), point), Odd(u + (4 * point), point), Odd(u + (5 * point), point), g + (3 * tap), tap, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Odd(float* u, nint point) => Mix(
        V.Load(u + (6 * point)) - V.Load(u + (12 * point)), V.Broadcast(WinogradPoints.ScaleA1),
        V.Load(u + (18 * point)) - V.Load(u + (24 * point)), V.Broadcast(WinogradPoints.ScaleB1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum(float* u, nint row) => V.Load(u + row) + V.Load(u + (2 * row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix(V s, V a, V t, V b) => V.MultiplyAdd(s, a, t * b);

    // Along a row: six points to three taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V u0, V u1, V u2, V u3, V u4, V u5, float* g, nint tap, bool accumulate)
    {
        V s = u1 + u2, t = u3 + u4;
        V g0 = V.MultiplyAdd(u0, V.Broadcast(WinogradPoints.Zero), Mix(s, V.Broadcast(WinogradPoints.ScaleA), t, V.Broadcast(WinogradPoints.ScaleB)));
        V g1 = Mix(u1 - u2, V.Broadcast(WinogradPoints.ScaleA1), u3 - u4, V.Broadcast(WinogradPoints.ScaleB1));
        V g2 = u5 + Mix(s, V.Broadcast(WinogradPoints.ScaleA2), t, V.Broadcast(WinogradPoints.ScaleB2));
        if (accumulate)
        {
            g0 = V.Load(g) + g0;
            g1 = V.Load(g + tap) + g1;
            g2 = V.Load(g + (2 * tap)) + g2;
        }

        V.Store(g0, g);
        V.Store(g1, g + tap);
        V.Store(g2, g + (2 * tap));
    }
}
