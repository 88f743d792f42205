using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>The last step to a network's input, a row at a time: bytes to float32, less the mean, plus a shift of the colours; and mirroring.</summary>
internal static class CropRow
{
    /// <summary>Floats that a shift takes: one repeated period of three for the widest vector, from any of three phases.</summary>
    public const int ShiftLength = 18;

    private const int Mirrored = 15;

    /// <summary>Lays a shift of the channels out.</summary>
    public static void Fill(Span<float> shift, float red, float green, float blue)
    {
        for (int i = 0; i < ShiftLength; i += 3)
        {
            (shift[i], shift[i + 1], shift[i + 2]) = (red, green, blue);
        }
    }

    /// <summary>x = (pixel − mean) + shift; every vector width gives the same bits, and a shift of 0 those of pixel − mean.</summary>
    /// <param name="pixels">Bytes of whole pixels.</param>
    /// <param name="mean">As many values.</param>
    /// <param name="shift"><see cref="ShiftLength"/> values, by <see cref="Fill"/>.</param>
    /// <param name="destination">As many values; overwritten.</param>
    public static void Write(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> mean, ReadOnlySpan<float> shift, Span<float> destination)
    {
        Debug.Assert(pixels.Length == mean.Length && pixels.Length == destination.Length && shift.Length >= ShiftLength, "A row's parts differ in length.");
        if (Vector512.IsHardwareAccelerated && pixels.Length >= ResizeLanes512.Width)
        {
            Vectors<ResizeLanes512>(pixels, mean, shift, destination);
        }
        else if (Vector256.IsHardwareAccelerated && pixels.Length >= ResizeLanes256.Width)
        {
            Vectors<ResizeLanes256>(pixels, mean, shift, destination);
        }
        else if (Vector128.IsHardwareAccelerated && pixels.Length >= ResizeLanes128.Width)
        {
            Vectors<ResizeLanes128>(pixels, mean, shift, destination);
        }
        else
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                destination[i] = pixels[i] - mean[i] + shift[i % 3];
            }
        }
    }

    /// <summary>The pixels of a row in the opposite order.</summary>
    /// <param name="pixels">Bytes of whole pixels.</param>
    /// <param name="destination">As many bytes, overwritten; not the same memory.</param>
    public static void Mirror(ReadOnlySpan<byte> pixels, Span<byte> destination)
    {
        int at = 0, from = pixels.Length;
        if (Vector128.IsHardwareAccelerated)
        {
            // Five pixels at a time: the last fifteen of sixteen bytes; the sixteenth byte written is written again.
            ref byte source = ref MemoryMarshal.GetReference(pixels);
            ref byte target = ref MemoryMarshal.GetReference(destination);
            Vector128<byte> order = Vector128.Create((byte)13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0);
            for (; from >= Vector128<byte>.Count && at + Vector128<byte>.Count <= destination.Length; at += Mirrored, from -= Mirrored)
            {
                Vector128.Shuffle(Vector128.LoadUnsafe(ref source, (nuint)(from - Vector128<byte>.Count)), order).StoreUnsafe(ref target, (nuint)at);
            }
        }

        for (; from > 0; at += 3, from -= 3)
        {
            (destination[at], destination[at + 1], destination[at + 2]) = (pixels[from - 3], pixels[from - 2], pixels[from - 1]);
        }
    }

    // The last vector is moved back to end with the row, and writes some values a second time.
    private static void Vectors<T>(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> mean, ReadOnlySpan<float> shift, Span<float> destination)
        where T : struct, IResizeLanes<T>
    {
        ref byte from = ref MemoryMarshal.GetReference(pixels);
        ref float less = ref MemoryMarshal.GetReference(mean);
        ref float plus = ref MemoryMarshal.GetReference(shift);
        ref float to = ref MemoryMarshal.GetReference(destination);
        int last = pixels.Length - T.Width;
        for (int i = 0; i < pixels.Length; i += T.Width)
        {
            int at = Math.Min(i, last);
            T.StoreInputs(T.LoadBytes(ref Unsafe.Add(ref from, at)), ref Unsafe.Add(ref less, at), ref Unsafe.Add(ref plus, at % 3), ref Unsafe.Add(ref to, at));
        }
    }
}
