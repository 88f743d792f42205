using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;

namespace Rectify.Tests.Kernels.Gemm;

public sealed unsafe class TilesTests
{
    private const int Panel = 16;
    private const int DeepestTile = 40;

    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    // Every row count, one and two vectors, every depth, overwriting and adding, A by rows and by columns.
    [Theory]
    [MemberData(nameof(Widths))]
    public void Tiles_AnyRowsAndDepth_EqualFloat64(Isa isa)
    {
        for (int rows = 1; rows <= 14; rows++)
        {
            for (int depth = 0; depth <= DeepestTile; depth++)
            {
                for (int form = 0; form < 8; form++)
                {
                    (bool two, bool accumulate, bool byColumns) = ((form & 1) != 0, (form & 2) != 0, (form & 4) != 0);
                    switch (isa)
                    {
                        case Isa.V512: Tile<Lanes512>(rows, depth, two, accumulate, byColumns); break;
                        case Isa.V256: Tile<Lanes256>(rows, depth, two, accumulate, byColumns); break;
                        case Isa.V128: Tile<Lanes128>(rows, depth, two, accumulate, byColumns); break;
                        default: Tile<Lanes1>(rows, depth, two, accumulate, byColumns); break;
                    }
                }
            }
        }
    }

    [Fact]
    public void Tiles_RowsOutOfRange_Throw()
    {
        Tile<Lanes1> tile = default;
        foreach (int rows in (int[])[0, 15, -1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Tiles1<Lanes1>.Run(rows, tile));
            Assert.Throws<ArgumentOutOfRangeException>(() => Tiles2<Lanes1>.Run(rows, tile));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void BlockMultiply_AnyRowsAndPanels_EqualsFloat64(Isa isa)
    {
        foreach (int rows in (int[])[.. Enumerable.Range(1, 32), 112])
        {
            for (int panels = 1; panels <= 5; panels++)
            {
                foreach (int depth in (int[])[0, 1, 2, 17])
                {
                    switch (isa)
                    {
                        case Isa.V512: Block<Lanes512>(rows, panels, depth); break;
                        case Isa.V256: Block<Lanes256>(rows, panels, depth); break;
                        case Isa.V128: Block<Lanes128>(rows, panels, depth); break;
                        default: Block<Lanes1>(rows, panels, depth); break;
                    }
                }
            }
        }
    }

    private static void Tile<V>(int rows, int depth, bool two, bool accumulate, bool byColumns)
        where V : struct, ILanes<V>
    {
        // C has room between its rows and between its two vectors, which no tile may touch.
        int seed = (rows * 100) + depth;
        int cRow = (2 * V.Width) + 5;
        int columns = two ? 2 * V.Width : V.Width;
        int second = V.Width + 3;
        (int aRow, int aStep) = byColumns ? (1, rows + 2) : (depth + 1, 1);
        GuardedFloats a = new(KernelTestBench.Uniform(seed, 1, Math.Max(1, (rows * aRow) + (depth * aStep))));
        GuardedFloats b0 = new(KernelTestBench.Uniform(seed, 2, Math.Max(1, depth) * Panel)), b1 = new(KernelTestBench.Uniform(seed, 3, Math.Max(1, depth) * Panel));
        float[] before = KernelTestBench.Uniform(seed, 4, rows * cRow);
        GuardedFloats c = new(before);
        fixed (float* aStart = a.Span, b0Start = b0.Span, b1Start = b1.Span, cStart = c.Span)
        {
            Tile<V> tile = new()
            {
                A = aStart,
                ARow = aRow * sizeof(float),
                AStep = aStep * sizeof(float),
                Depth = depth,
                B0 = b0Start,
                B1 = b1Start,
                C0 = cStart,
                C1 = cStart + second,
                CRow = cRow,
                Accumulate = accumulate,
            };
            if (two)
            {
                Tiles2<V>.Run(rows, tile);
            }
            else
            {
                Tiles1<V>.Run(rows, tile);
            }
        }

        string replay = $"{typeof(V).Name}, {rows} rows, depth {depth}, two {two}, accumulate {accumulate}, by columns {byColumns}";
        double[] expected = KernelTestBench.Doubles(before);
        double[] magnitudes = KernelTestBench.Magnitudes(before);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                int at = (i * cRow) + (j < V.Width ? j : second + j - V.Width);
                (expected[at], magnitudes[at]) = accumulate ? (expected[at], magnitudes[at]) : (0.0, 0.0);
                for (int p = 0; p < depth; p++)
                {
                    double term = (double)a.Span[(i * aRow) + (p * aStep)] * (j < V.Width ? b0.Span[(p * Panel) + j] : b1.Span[(p * Panel) + j - V.Width]);
                    expected[at] += term;
                    magnitudes[at] += Math.Abs(term);
                }
            }
        }

        KernelTestBench.AssertNear(c.AssertIntact(replay), expected, magnitudes, depth + 1, replay);
    }

    private static void Block<V>(int rows, int panels, int depth)
        where V : struct, ILanes<V>
    {
        int seed = (rows * 10) + panels;
        bool accumulate = (rows + panels) % 2 == 0;
        int aRow = depth + 3;
        int bPanel = (depth * Panel) + 16;
        int cRow = (panels * (Panel + 1)) + 2;
        const int CPanel = Panel + 1;
        GuardedFloats a = new(KernelTestBench.Uniform(seed, 1, rows * aRow)), b = new(KernelTestBench.Uniform(seed, 2, panels * bPanel));
        float[] before = KernelTestBench.Uniform(seed, 3, rows * cRow);
        GuardedFloats c = new(before);
        fixed (float* aStart = a.Span, bStart = b.Span, cStart = c.Span)
        {
            BlockMultiply<V>.Run(rows, panels, depth, aStart, aRow, 1, bStart, bPanel, cStart, cRow, CPanel, accumulate);
        }

        string replay = $"{typeof(V).Name}, {rows} rows, {panels} panels, depth {depth}, accumulate {accumulate}";
        double[] expected = KernelTestBench.Doubles(before);
        double[] magnitudes = KernelTestBench.Magnitudes(before);
        for (int at = 0; at < rows * panels * Panel; at++)
        {
            (int i, int panel, int j) = (at / Panel / panels, at / Panel % panels, at % Panel);
            int to = (i * cRow) + (panel * CPanel) + j;
            (expected[to], magnitudes[to]) = accumulate ? (expected[to], magnitudes[to]) : (0.0, 0.0);
            for (int p = 0; p < depth; p++)
            {
                double term = (double)a.Span[(i * aRow) + p] * b.Span[(panel * bPanel) + (p * Panel) + j];
                expected[to] += term;
                magnitudes[to] += Math.Abs(term);
            }
        }

        KernelTestBench.AssertNear(c.AssertIntact(replay), expected, magnitudes, depth + 1, replay);
    }
}
