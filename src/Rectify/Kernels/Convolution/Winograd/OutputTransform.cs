using System.Runtime.CompilerServices;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>y = Aᵀ m A of some tiles, for one panel of 16 outputs, with bias and rectifier; see <see cref="WinogradPoints"/>.</summary>
/// <remarks>Lanes are output channels. Of a tile that reaches beyond the map, what lies inside is stored.</remarks>
internal static unsafe class OutputTransform<V>
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>Floats of a tile's outputs.</summary>
    public const int TileLength = TileGrid.Size * Row;

    private const int Row = TileGrid.Size * Block;

    /// <summary>Transforms tiles and overwrites their outputs.</summary>
    /// <param name="grid">Where the tiles lie.</param>
    /// <param name="first">First tile.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="m">The products: point 0 of the first tile.</param>
    /// <param name="row">Floats from a tile to the next.</param>
    /// <param name="point">Floats from a point to the next.</param>
    /// <param name="channel">First output channel of the panel.</param>
    /// <param name="epilogue">What is done to the responses, and where they go.</param>
    /// <param name="y">Scratch of <see cref="TileLength"/> floats.</param>
    public static void Run(in TileGrid grid, int first, int count, float* m, nint row, nint point, int channel, in Epilogue<V> epilogue, float* y)
    {
        for (int i = 0; i < count; i++, m += row)
        {
            TileArea area = grid.Outputs(first + i);
            for (int lane = 0; lane < Block; lane += V.Width)
            {
                EvenRows(m + lane, point, y + lane);
                OddRows(m + lane, point, y + lane);
            }

            epilogue.Put(y, Row, area.EndRow, area.EndColumn, channel, area.Offset + channel, area.RowLength, area.Pitch);
        }
    }

    // Down the columns, then along rows 0 and 2: twelve numbers live at once. Two methods, for the JIT ceases to inline in one that has all rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EvenRows(float* m, nint point, float* y)
    {
        nint six = 6 * point;
        V s0 = Sum(m, six), t0 = Sum(m + (2 * six), six);
        V s1 = Sum(m + point, six), t1 = Sum(m + (2 * six) + point, six);
        V s2 = Sum(m + (2 * point), six), t2 = Sum(m + (2 * six) + (2 * point), six);
        V s3 = Sum(m + (3 * point), six), t3 = Sum(m + (2 * six) + (3 * point), six);
        V s4 = Sum(m + (4 * point), six), t4 = Sum(m + (2 * six) + (4 * point), six);
        V s5 = Sum(m + (5 * point), six), t5 = Sum(m + (2 * six) + (5 * point), six);
        Put(
            V.Load(m) + s0 + t0, V.Load(m + point) + s1 + t1, V.Load(m + (2 * point)) + s2 + t2,
            V.Load(m + (3 * point)) + s3 + t3, V.Load(m + (4 * point)) + s4 + t4, V.Load(m + (5 * point)) + s5 + t5, y);
        V a = V.Broadcast(WinogradPoints.A2), b = V.Broadcast(WinogradPoints.B2);
        Put(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + (2 * Row));
    }

    // Rows 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OddRows(float* m, nint point, float* y)
    {
        nint six = 6 * point;
        V s0 = Difference(m, six), t0 = Difference(m + (2 * six), six);
        V s1 = Difference(m + point, six), t1 = Difference(m + (2 * six) + point, six);
        V s2 = Difference(m + (2 * point), six), t2 = Difference(m + (2 * six) + (2 * point), six);
        V s3 = Difference(m + (3 * point), six), t3 = Difference(m + (2 * six) + (3 * point), six);
        V s4 = Difference(m + (4 * point), six), t4 = Difference(m + (2 * six) + (4 * point), six);
        V s5 = Difference(m + (5 * point), six), t5 = Difference(m + (2 * six) + (5 * point), six);
        V a = V.Broadcast(WinogradPoints.A), b = V.Broadcast(WinogradPoints.B);
        Put(Mix(s0, a, t0, b), Mix(s1, a, t1, b), Mix(s2, a, t2, b), Mix(s3, a, t3, b), Mix(s4, a, t4, b), Mix(s5, a, t5, b), y + Row);
        a = V.Broadcast(WinogradPoints.A3);
        b = V.Broadcast(WinogradPoints.B3);
        m += 5 * six;
        Put(
            V.Load(m) + Mix(s0, a, t0, b), V.Load(m + point) + Mix(s1, a, t1, b), V.Load(m + (2 * point)) + Mix(s2, a, t2, b),
            V.Load(m + (3 * point)) + Mix(s3, a, t3, b), V.Load(m + (4 * point)) + Mix(s4, a, t4, b), V.Load(m + (5 * point)) + Mix(s5, a, t5, b), y + (3 * Row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum(float* m, nint row) => V.Load(m + row) + V.Load(m + (2 * row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Difference(float* m, nint row) => V.Load(m + row) - V.Load(m + (2 * row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix(V s, V a, V t, V b) => V.MultiplyAdd(s, a, t * b);

    // Along a row: six points to four outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V m0, V m1, V m2, V m3, V m4, V m5, float* y)
    {
        V s = m1 + m2, t = m3 + m4, d = m1 - m2, e = m3 - m4;
        V.Store(m0 + s + t, y);
        V.Store(Mix(d, V.Broadcast(WinogradPoints.A), e, V.Broadcast(WinogradPoints.B)), y + Block);
        V.Store(Mix(s, V.Broadcast(WinogradPoints.A2), t, V.Broadcast(WinogradPoints.B2)), y + (2 * Block));
        V.Store(m5 + Mix(d, V.Broadcast(WinogradPoints.A3), e, V.Broadcast(WinogradPoints.B3)), y + (3 * Block));
    }
}
