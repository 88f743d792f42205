using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Simd;

public sealed unsafe class LanesTests
{
    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    // Every operation, every lane, every pair of special values: each lane does what one float would.
    [Theory]
    [MemberData(nameof(Widths))]
    public void Operations_SpecialValuesInEveryLane_EqualScalars(Isa isa)
    {
        switch (isa)
        {
            case Isa.V512: Check<Lanes512>(); break;
            case Isa.V256: Check<Lanes256>(); break;
            case Isa.V128: Check<Lanes128>(); break;
            default: Check<Lanes1>(); break;
        }
    }

    private static void Check<V>()
        where V : struct, ILanes<V>
    {
        float[] special = [0f, -0f, 1f, -1.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, 0.1f];
        for (int shift = 0; shift < special.Length * special.Length; shift++)
        {
            float[] a = [.. Enumerable.Range(0, V.Width).Select(lane => special[(lane + shift) % special.Length])];
            float[] b = [.. Enumerable.Range(0, V.Width).Select(lane => special[(lane + (shift / special.Length)) % special.Length])];
            float[] x = [.. Enumerable.Range(0, V.Width).Select(lane => lane + 1f)];
            float[] y = [.. x.Select(value => -value)];
            V va = Load<V>(a), vb = Load<V>(b), vx = Load<V>(x), vy = Load<V>(y);
            AssertLanes("SelectPositive", V.SelectPositive(va, vx, vy), lane => a[lane] <= 0f ? y[lane] : x[lane]);
            AssertLanes("SelectGreater", V.SelectGreater(va, vb, vx, vy), lane => a[lane] > b[lane] ? x[lane] : y[lane]);
            AssertLanes("SelectExceeding", V.SelectExceeding(va, vb, vx, vy), lane =>
                a[lane] > b[lane] || (float.IsNaN(a[lane]) && !float.IsNaN(b[lane])) ? x[lane] : y[lane]);
            AssertLanes("SelectEqual", V.SelectEqual(va, vb, vx, vy), lane => a[lane] == b[lane] ? x[lane] : y[lane]);
            AssertLanes("+", va + vb, lane => a[lane] + b[lane]);
            AssertLanes("-", va - vb, lane => a[lane] - b[lane]);
            AssertLanes("*", va * vb, lane => a[lane] * b[lane]);
            AssertLanes("MultiplyAdd", V.MultiplyAdd(vx, vy, vx), lane => (x[lane] * y[lane]) + x[lane]);
            AssertLanes("Broadcast", V.Broadcast(a[0]), _ => a[0]);
            AssertLanes("Zero", V.Zero, _ => 0f);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Stream_AlignedMemory_HoldsTheLanes(Isa isa)
    {
        switch (isa)
        {
            case Isa.V512: CheckStream<Lanes512>(); break;
            case Isa.V256: CheckStream<Lanes256>(); break;
            case Isa.V128: CheckStream<Lanes128>(); break;
            default: CheckStream<Lanes1>(); break;
        }
    }

    private static void CheckStream<V>()
        where V : struct, ILanes<V>
    {
        using NativeBuffer buffer = new(3 * V.Width);
        Span<float> all = buffer.Slice(0, 3 * V.Width);
        float[] lanes = [.. Enumerable.Range(1, V.Width).Select(lane => (float)lane)];
        fixed (float* start = all)
        {
            V.Stream(Load<V>(lanes), start + V.Width);
        }

        Assert.Equal([.. new float[V.Width], .. lanes, .. new float[V.Width]], all.ToArray());
    }

    private static V Load<V>(float[] values)
        where V : struct, ILanes<V>
    {
        fixed (float* start = values)
        {
            return V.Load(start);
        }
    }

    private static void AssertLanes<V>(string operation, V actual, Func<int, float> expected)
        where V : struct, ILanes<V>
    {
        GuardedFloats lanes = new(V.Width);
        fixed (float* start = lanes.Span)
        {
            V.Store(actual, start);
        }

        float[] values = lanes.AssertIntact(operation);
        for (int lane = 0; lane < values.Length; lane++)
        {
            Assert.True(expected(lane).Equals(values[lane]), $"{typeof(V).Name} {operation}, lane {lane}: {values[lane]:R}, not {expected(lane):R}.");
        }
    }
}
