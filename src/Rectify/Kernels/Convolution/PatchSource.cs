using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution;

/// <summary>Reads the patches of a convolution out of a map, as rows of a matrix: row (n,p,q), column (r,s,c). Padding reads as zero.</summary>
/// <remarks>
/// For a fixed filter row, the S·C floats of a patch lie together in the map, so a patch is R copies. <see cref="DilationH"/> spreads the map's pixels apart with
/// zeros between them: what backward-data of a strided convolution reads.
/// </remarks>
internal unsafe struct PatchSource
{
    public float* Map;
    public int H;
    public int W;
    public int Pitch;
    public int OutputRows;
    public int OutputColumns;
    public int R;
    public int S;
    public int StrideH;
    public int StrideW;
    public int PadTop;
    public int PadLeft;
    public int DilationH;
    public int DilationW;

    /// <summary>Columns of the matrix: R·S·Pitch.</summary>
    public readonly int Depth => R * S * Pitch;

    /// <summary>Patches that a forward pass over <paramref name="x"/> reads.</summary>
    public static PatchSource Forward(in ConvolutionShape shape, float* x) => new()
    {
        Map = x,
        H = shape.Input.H,
        W = shape.Input.W,
        Pitch = shape.Input.Pitch,
        OutputRows = shape.Output.H,
        OutputColumns = shape.Output.W,
        R = shape.Window.R,
        S = shape.Window.S,
        StrideH = shape.Window.StrideH,
        StrideW = shape.Window.StrideW,
        PadTop = shape.Window.PadTop,
        PadLeft = shape.Window.PadLeft,
        DilationH = 1,
        DilationW = 1,
    };

    /// <summary>Patches of <paramref name="dy"/> that backward-data reads: filters turned by 180°, the stride become a dilation.</summary>
    public static PatchSource Backward(in ConvolutionShape shape, float* dy) => new()
    {
        Map = dy,
        H = shape.Output.H,
        W = shape.Output.W,
        Pitch = shape.Output.Pitch,
        OutputRows = shape.Input.H,
        OutputColumns = shape.Input.W,
        R = shape.Window.R,
        S = shape.Window.S,
        StrideH = 1,
        StrideW = 1,
        PadTop = shape.Window.R - 1 - shape.Window.PadTop,
        PadLeft = shape.Window.S - 1 - shape.Window.PadLeft,
        DilationH = shape.Window.StrideH,
        DilationW = shape.Window.StrideW,
    };

    /// <summary>Copies columns [from, to) of the rows [row, row + count) into <paramref name="slab"/>, rows <paramref name="slabRow"/> floats apart.</summary>
    public readonly void Gather<V>(int row, int count, int from, int to, float* slab, nint slabRow)
        where V : struct, ILanes<V>
    {
        int line = S * Pitch;
        int firstR = from / line;
        int lastR = (to - 1) / line;
        int q = row % OutputColumns;
        int p = row / OutputColumns % OutputRows;
        nint image = row / OutputColumns / OutputRows;
        for (int i = 0; i < count; i++, slab += slabRow)
        {
            float* map = Map + (image * H * W * Pitch);
            float* to0 = slab;
            for (int r = firstR; r <= lastR; r++)
            {
                int begin = Math.Max(from - (r * line), 0);
                int end = Math.Min(to - (r * line), line);
                int h = (p * StrideH) - PadTop + r;
                if (DilationH == 1 && DilationW == 1)
                {
                    CopyLine<V>(map, h, (q * StrideW) - PadLeft, begin, end, to0);
                }
                else
                {
                    CopySpreadLine<V>(map, h, (q * StrideW) - PadLeft, begin, end, to0);
                }

                to0 += end - begin;
            }

            if (++q == OutputColumns)
            {
                q = 0;
                if (++p == OutputRows)
                {
                    p = 0;
                    image++;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void CopyLine<V>(float* map, int h, int w, int begin, int end, float* destination)
        where V : struct, ILanes<V>
    {
        if ((uint)h >= (uint)H)
        {
            Lines<V>.Zero(destination, end - begin);
            return;
        }

        int inside = Math.Clamp(-w * Pitch, begin, end);
        int outside = Math.Clamp((W - w) * Pitch, inside, end);
        if (inside > begin)
        {
            Lines<V>.Zero(destination, inside - begin);
        }

        Lines<V>.Copy(map + ((((nint)h * W) + w) * Pitch) + inside, destination + (inside - begin), outside - inside);
        if (outside < end)
        {
            Lines<V>.Zero(destination + (outside - begin), end - outside);
        }
    }

    private readonly void CopySpreadLine<V>(float* map, int h, int w, int begin, int end, float* destination)
        where V : struct, ILanes<V>
    {
        bool row = h >= 0 && h % DilationH == 0 && h / DilationH < H;
        for (int at = begin; at < end;)
        {
            int s = at / Pitch;
            int stop = Math.Min(end, (s + 1) * Pitch);
            int column = w + s;
            if (row && column >= 0 && column % DilationW == 0 && column / DilationW < W)
            {
                Lines<V>.Copy(map + (((((nint)h / DilationH) * W) + (column / DilationW)) * Pitch) + (at - (s * Pitch)), destination, stop - at);
            }
            else
            {
                Lines<V>.Zero(destination, stop - at);
            }

            destination += stop - at;
            at = stop;
        }
    }
}
