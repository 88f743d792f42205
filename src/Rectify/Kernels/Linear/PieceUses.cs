using Rectify.Kernels.Gemm;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Linear;

/// <summary>dw := piece.</summary>
internal readonly unsafe struct StorePiece<V>(float* dw) : IPieceUse
    where V : struct, ILanes<V>
{
    private readonly float* _dw = dw;

    public void Use(float* piece, nint at, int length) => Lines<V>.Copy(piece, _dw + at, length);

    public void Ask(nint at, int length)
    {
    }
}

/// <summary>dw := piece, past the caches.</summary>
internal readonly unsafe struct StreamPiece<V>(float* dw) : IPieceUse
    where V : struct, ILanes<V>
{
    private readonly float* _dw = dw;

    public void Use(float* piece, nint at, int length)
    {
        float* dw = _dw + at;
        for (int i = 0; i < length; i += V.Width)
        {
            V.Stream(V.Load(piece + i), dw + i);
        }
    }

    public void Ask(nint at, int length)
    {
    }
}

/// <summary>dw += piece.</summary>
internal readonly unsafe struct AddPiece<V>(float* dw) : IPieceUse
    where V : struct, ILanes<V>
{
    private readonly float* _dw = dw;

    public void Use(float* piece, nint at, int length)
    {
        float* dw = _dw + at;
        for (int i = 0; i < length; i += V.Width)
        {
            V.Store(V.Load(dw + i) + V.Load(piece + i), dw + i);
        }
    }

    public void Ask(nint at, int length) => Fetch.Run(_dw + at, length);
}

/// <summary>A momentum step with the piece; dw is stored nowhere.</summary>
internal readonly unsafe struct ApplyPiece<V>(float* w, float* v, MomentumRule rule) : IPieceUse
    where V : struct, ILanes<V>
{
    private readonly float* _w = w;
    private readonly float* _v = v;
    private readonly MomentumRule _rule = rule;

    public void Use(float* piece, nint at, int length)
    {
        float* w = _w + at;
        float* v = _v + at;
        for (int i = 0; i < length; i += V.Width)
        {
            _rule.Apply(V.Load(piece + i), w + i, v + i);
        }
    }

    public void Ask(nint at, int length)
    {
        Fetch.Run(_w + at, length);
        Fetch.Run(_v + at, length);
    }
}

/// <summary>Counts what is NaN or infinite.</summary>
internal readonly unsafe struct CountPiece(long* count) : IPieceUse
{
    private readonly long* _count = count;

    public void Use(float* piece, nint at, int length) => Interlocked.Add(ref *_count, FiniteCheck.CountNotFinite(new ReadOnlySpan<float>(piece, length)));

    public void Ask(nint at, int length)
    {
    }
}

/// <summary>Asks for stretches of memory in L2.</summary>
internal static unsafe class Fetch
{
    private const int Line = 16;

    /// <summary>Asks for so many floats.</summary>
    public static void Run(float* memory, int length)
    {
        for (int i = 0; i < length; i += Line)
        {
            Tile<Lanes1>.Prefetch((byte*)(memory + i));
        }
    }
}
