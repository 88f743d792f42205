using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>The orders of bytes that resizing needs; 255 is a byte of zero.</summary>
/// <remarks>Spelled out, for the JIT makes one instruction of a shuffle only where it sees a constant.</remarks>
internal static class ResizeShuffles
{
    // The first three bytes of sixteen, each widened to 32 bits, and a zero; what leads to the next neighbour; what leads to the next pixel.
    private const ulong RedGreen = 0xFFFFFF01_FFFFFF00;
    private const ulong Blue = 0xFFFFFFFF_FFFFFF02;
    private const ulong NextRedGreen = 0x00000003_00000003;
    private const ulong NextBlue = 3;
    private const ulong PixelRedGreen = 0x00000010_00000010;
    private const ulong PixelBlue = 0x10;

    /// <summary>The lowest byte of each of four integers, in the first four bytes.</summary>
    public static Vector128<byte> LowBytes => Vector128.Create(0, 4, 8, 12, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, (byte)255);

    /// <summary>Three bytes of every four, together.</summary>
    public static Vector128<byte> Pixels => Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, (byte)255);

    /// <summary>Of the sixteen bytes of a pixel those of a neighbour, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Neighbour128(int number) => number switch
    {
        0 => Vector128.Create(RedGreen, Blue).AsByte(),
        1 => Vector128.Create(RedGreen + NextRedGreen, Blue + NextBlue).AsByte(),
        2 => Vector128.Create(RedGreen + (2 * NextRedGreen), Blue + (2 * NextBlue)).AsByte(),
        3 => Vector128.Create(RedGreen + (3 * NextRedGreen), Blue + (3 * NextBlue)).AsByte(),
        _ => Vector128.Create(RedGreen + (4 * NextRedGreen), Blue + (4 * NextBlue)).AsByte(),
    };

    /// <summary>Of the sixteen bytes of each of two pixels those of a neighbour, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Neighbour256(int number) => number switch
    {
        0 => Vector256.Create(
            RedGreen, Blue,
            RedGreen + PixelRedGreen, Blue + PixelBlue).AsByte(),
        1 => Vector256.Create(
            RedGreen + NextRedGreen, Blue + NextBlue,
            RedGreen + NextRedGreen + PixelRedGreen, Blue + NextBlue + PixelBlue).AsByte(),
        2 => Vector256.Create(
            RedGreen + (2 * NextRedGreen), Blue + (2 * NextBlue),
            RedGreen + (2 * NextRedGreen) + PixelRedGreen, Blue + (2 * NextBlue) + PixelBlue).AsByte(),
        3 => Vector256.Create(
            RedGreen + (3 * NextRedGreen), Blue + (3 * NextBlue),
            RedGreen + (3 * NextRedGreen) + PixelRedGreen, Blue + (3 * NextBlue) + PixelBlue).AsByte(),
        _ => Vector256.Create(
            RedGreen + (4 * NextRedGreen), Blue + (4 * NextBlue),
            RedGreen + (4 * NextRedGreen) + PixelRedGreen, Blue + (4 * NextBlue) + PixelBlue).AsByte(),
    };

    /// <summary>Of the sixteen bytes of each of four pixels those of a neighbour, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Neighbour512(int number) => number switch
    {
        0 => Vector512.Create(
            RedGreen, Blue,
            RedGreen + PixelRedGreen, Blue + PixelBlue,
            RedGreen + (2 * PixelRedGreen), Blue + (2 * PixelBlue),
            RedGreen + (3 * PixelRedGreen), Blue + (3 * PixelBlue)).AsByte(),
        1 => Vector512.Create(
            RedGreen + NextRedGreen, Blue + NextBlue,
            RedGreen + NextRedGreen + PixelRedGreen, Blue + NextBlue + PixelBlue,
            RedGreen + NextRedGreen + (2 * PixelRedGreen), Blue + NextBlue + (2 * PixelBlue),
            RedGreen + NextRedGreen + (3 * PixelRedGreen), Blue + NextBlue + (3 * PixelBlue)).AsByte(),
        2 => Vector512.Create(
            RedGreen + (2 * NextRedGreen), Blue + (2 * NextBlue),
            RedGreen + (2 * NextRedGreen) + PixelRedGreen, Blue + (2 * NextBlue) + PixelBlue,
            RedGreen + (2 * NextRedGreen) + (2 * PixelRedGreen), Blue + (2 * NextBlue) + (2 * PixelBlue),
            RedGreen + (2 * NextRedGreen) + (3 * PixelRedGreen), Blue + (2 * NextBlue) + (3 * PixelBlue)).AsByte(),
        3 => Vector512.Create(
            RedGreen + (3 * NextRedGreen), Blue + (3 * NextBlue),
            RedGreen + (3 * NextRedGreen) + PixelRedGreen, Blue + (3 * NextBlue) + PixelBlue,
            RedGreen + (3 * NextRedGreen) + (2 * PixelRedGreen), Blue + (3 * NextBlue) + (2 * PixelBlue),
            RedGreen + (3 * NextRedGreen) + (3 * PixelRedGreen), Blue + (3 * NextBlue) + (3 * PixelBlue)).AsByte(),
        _ => Vector512.Create(
            RedGreen + (4 * NextRedGreen), Blue + (4 * NextBlue),
            RedGreen + (4 * NextRedGreen) + PixelRedGreen, Blue + (4 * NextBlue) + PixelBlue,
            RedGreen + (4 * NextRedGreen) + (2 * PixelRedGreen), Blue + (4 * NextBlue) + (2 * PixelBlue),
            RedGreen + (4 * NextRedGreen) + (3 * PixelRedGreen), Blue + (4 * NextBlue) + (3 * PixelBlue)).AsByte(),
    };
}
