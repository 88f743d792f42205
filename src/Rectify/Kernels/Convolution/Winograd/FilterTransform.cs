using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>U = G g Gᵀ of a panel of 16 filters over a slice of input channels: [36 points][channels][16]; see <see cref="WinogradPoints"/>.</summary>
/// <remarks>Lanes are filters. Overwrites. Surplus filters and channels are zero and stay so.</remarks>
internal static unsafe class FilterTransform<V>
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>Transforms filters whose taps lie <paramref name="tap"/> floats apart, their channels 16.</summary>
    /// <param name="g">Tap 0 of the first channel.</param>
    /// <param name="tap">Floats from a tap to the next.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="u">The transformed filters.</param>
    /// <param name="point">Floats from a point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* g, nint tap, int channels, float* u, nint point)
    {
        for (nint i = 0; i < (nint)channels * Block; i += V.Width)
        {
            Filter(g + i, tap, u + i, point);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Filter(float* g, nint tap, float* u, nint point)
    {
        V zero = V.Broadcast(WinogradPoints.Zero);
        Put(V.Load(g) * zero, V.Load(g + tap) * zero, V.Load(g + (2 * tap)) * zero, u, point);
        Put(V.Load(g + (6 * tap)), V.Load(g + (7 * tap)), V.Load(g + (8 * tap)), u + (30 * point), point);
        Pair(g, tap, WinogradPoints.ScaleA, WinogradPoints.ScaleA1, WinogradPoints.ScaleA2, u + (6 * point), point);
        Pair(g, tap, WinogradPoints.ScaleB, WinogradPoints.ScaleB1, WinogradPoints.ScaleB2, u + (18 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(float* g, nint tap, float scale, float scale1, float scale2, float* u, nint point)
    {
        V e0 = Even(g, tap, scale, scale2), o0 = V.Load(g + (3 * tap)) * V.Broadcast(scale1);
        V e1 = Even(g + tap, tap, scale, scale2), o1 = V.Load(g + (4 * tap)) * V.Broadcast(scale1);
        V e2 = Even(g + (2 * tap), tap, scale, scale2), o2 = V.Load(g + (5 * tap)) * V.Broadcast(scale1);
        Put(e0 + o0, e1 + o1, e2 + o2, u, point);
        Put(e0 - o0, e1 - o1, e2 - o2, u + (6 * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even(float* g, nint tap, float scale, float scale2) =>
        V.MultiplyAdd(V.Load(g), V.Broadcast(scale), V.Load(g + (6 * tap)) * V.Broadcast(scale2));

    // Along a row: three taps to six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V t0, V t1, V t2, float* u, nint point)
    {
        V.Store(t0 * V.Broadcast(WinogradPoints.Zero), u);
        V.Store(t2, u + (5 * point));
        V even = V.MultiplyAdd(t0, V.Broadcast(WinogradPoints.ScaleA), t2 * V.Broadcast(WinogradPoints.ScaleA2));
        V odd = t1 * V.Broadcast(WinogradPoints.ScaleA1);
        V.Store(even + odd, u + point);
        V.Store(even - odd, u + (2 * point));
        even = V.MultiplyAdd(t0, V.Broadcast(WinogradPoints.ScaleB), t2 * V.Broadcast(WinogradPoints.ScaleB2));
        odd = t1 * V.Broadcast(WinogradPoints.ScaleB1);
        V.Store(even + odd, u + (3 * point));
        V.Store(even - odd, u + (4 * point));
    }
}
