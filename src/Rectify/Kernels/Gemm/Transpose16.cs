using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Rectify.Tensors;

namespace Rectify.Kernels.Gemm;

/// <summary>Transposes blocks of 16×16 floats, sixteen 4×4 blocks each.</summary>
internal static unsafe class Transpose16
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>destination[j,i] = source[i,j] for i, j in 0..15; rows <paramref name="sourceRow"/> and <paramref name="destinationRow"/> floats apart; no overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceRow, float* destination, nint destinationRow)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            for (int i = 0; i < Block; i++)
            {
                for (int j = 0; j < Block; j++)
                {
                    destination[(j * destinationRow) + i] = source[(i * sourceRow) + j];
                }
            }

            return;
        }

        for (int i = 0; i < Block; i += 4)
        {
            for (int j = 0; j < Block; j += 4)
            {
                Four(source + (i * sourceRow) + j, sourceRow, destination + (j * destinationRow) + i, destinationRow);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* source, nint sourceRow, float* destination, nint destinationRow)
    {
        Vector128<float> r0 = Vector128.Load(source);
        Vector128<float> r1 = Vector128.Load(source + sourceRow);
        Vector128<float> r2 = Vector128.Load(source + (2 * sourceRow));
        Vector128<float> r3 = Vector128.Load(source + (3 * sourceRow));
        Vector128<float> low01 = Low(r0, r1);
        Vector128<float> high01 = High(r0, r1);
        Vector128<float> low23 = Low(r2, r3);
        Vector128<float> high23 = High(r2, r3);
        Lower(low01, low23).Store(destination);
        Upper(low01, low23).Store(destination + destinationRow);
        Lower(high01, high23).Store(destination + (2 * destinationRow));
        Upper(high01, high23).Store(destination + (3 * destinationRow));
    }

    // a0 b0 a1 b1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    // a2 b2 a3 b3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    // a0 a1 b0 b1; through Vector64 the JIT goes by way of memory, which costs ten times as much.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lower(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector128.Create(a[0], a[1], b[0], b[1]);

    // a2 a3 b2 b3
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Upper(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.MoveHighToLow(b, a)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble()).AsSingle()
        : Vector128.Create(a[2], a[3], b[2], b[3]);
}
