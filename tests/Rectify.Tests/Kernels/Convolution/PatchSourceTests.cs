using Rectify.Kernels.Convolution;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

public sealed unsafe class PatchSourceTests
{
    private const int Draws = 400;

    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Gather_AnyGeometryAndPart_EqualsTheDefinition(Isa isa)
    {
        int dilated = 0;
        for (int seed = 0; seed < Draws; seed++)
        {
            dilated += Gather(isa, seed) ? 1 : 0;
        }

        Assert.InRange(dilated, Draws / 10, Draws);
    }

    private static bool Gather(Isa isa, int seed)
    {
        RandomStream random = KernelTestBench.Stream(seed, 20);
        (int h, int w, int pitch) = (1 + random.NextInt(6), 1 + random.NextInt(6), random.NextBool() ? 16 * (1 + random.NextInt(3)) : 1 + random.NextInt(7));
        const int Images = 2;
        PatchSource source = new()
        {
            H = h,
            W = w,
            Pitch = pitch,
            OutputRows = 1 + random.NextInt(5),
            OutputColumns = 1 + random.NextInt(5),
            R = 1 + random.NextInt(5),
            S = 1 + random.NextInt(5),
            StrideH = 1 + random.NextInt(3),
            StrideW = 1 + random.NextInt(3),
            PadTop = random.NextInt(8) - 3,
            PadLeft = random.NextInt(8) - 3,
            DilationH = 1 + random.NextInt(3),
            DilationW = 1 + random.NextInt(3),
        };
        GuardedFloats map = new(KernelTestBench.Uniform(seed, 21, Images * h * w * pitch));
        int patches = Images * source.OutputRows * source.OutputColumns;
        int first = random.NextInt(patches);
        int count = 1 + random.NextInt(patches - first);
        int from = random.NextInt(source.Depth);
        int to = from + 1 + random.NextInt(source.Depth - from);
        int slabRow = to - from + random.NextInt(3);
        GuardedFloats slab = new(((count - 1) * slabRow) + to - from);
        fixed (float* mapStart = map.Span, slabStart = slab.Span)
        {
            source.Map = mapStart;
            switch (isa)
            {
                case Isa.V512: source.Gather<Lanes512>(first, count, from, to, slabStart, slabRow); break;
                case Isa.V256: source.Gather<Lanes256>(first, count, from, to, slabStart, slabRow); break;
                case Isa.V128: source.Gather<Lanes128>(first, count, from, to, slabStart, slabRow); break;
                default: source.Gather<Lanes1>(first, count, from, to, slabStart, slabRow); break;
            }
        }

        string replay = $"Gather({isa}, seed {seed})";
        float[] gathered = slab.AssertIntact(replay);
        for (int i = 0; i < gathered.Length; i++)
        {
            int column = i % slabRow;
            float expected = column < to - from ? Definition(source, map.Span, first + (i / slabRow), from + column) : float.NaN;
            Assert.True(expected.Equals(gathered[i]), $"{replay}: row {i / slabRow}, column {column} is {gathered[i]:R}, not {expected:R}.");
        }

        return source.DilationH > 1 || source.DilationW > 1;
    }

    // One element of the patch matrix; a map pixel stands at a multiple of the dilation, zeros between and around.
    private static float Definition(in PatchSource source, ReadOnlySpan<float> map, int row, int column)
    {
        (int r, int s, int c) = (column / source.Pitch / source.S, column / source.Pitch % source.S, column % source.Pitch);
        (int image, int p, int q) = (row / source.OutputColumns / source.OutputRows, row / source.OutputColumns % source.OutputRows, row % source.OutputColumns);
        int h = (p * source.StrideH) - source.PadTop + r;
        int w = (q * source.StrideW) - source.PadLeft + s;
        bool inside = h >= 0 && w >= 0 && h % source.DilationH == 0 && w % source.DilationW == 0 && h / source.DilationH < source.H && w / source.DilationW < source.W;
        return inside ? map[(((((image * source.H) + (h / source.DilationH)) * source.W) + (w / source.DilationW)) * source.Pitch) + c] : 0f;
    }
}
