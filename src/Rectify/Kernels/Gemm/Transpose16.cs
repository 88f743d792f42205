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
        Vector128.Create(low01.GetLower(), low23.GetLower()).Store(destination);
        Vector128.Create(low01.GetUpper(), low23.GetUpper()).Store(destination + destinationRow);
        Vector128.Create(high01.GetLower(), high23.GetLower()).Store(destination + (2 * destinationRow));
        Vector128.Create(high01.GetUpper(), high23.GetUpper()).Store(destination + (3 * destinationRow));
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
}
