using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>The second pass of resizing: a row as the weighted mean of rows of the same width.</summary>
internal static class ResizeDown
{
    /// <summary>Averages rows, byte by byte.</summary>
    /// <param name="rows">Where the rows lie.</param>
    /// <param name="offsets">Where each of them begins; from there on there are at least as many bytes as the destination has.</param>
    /// <param name="weights">What each of them weighs, in fixed point.</param>
    /// <param name="destination">Overwritten, and nothing behind it.</param>
    public static void Row(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        Debug.Assert(offsets.Length == weights.Length, "A weight for each row.");
        if (Vector512.IsHardwareAccelerated && destination.Length >= ResizeLanes512.Width)
        {
            Vectors<ResizeLanes512>(rows, offsets, weights, destination);
        }
        else if (Vector256.IsHardwareAccelerated && destination.Length >= ResizeLanes256.Width)
        {
            Vectors<ResizeLanes256>(rows, offsets, weights, destination);
        }
        else if (Vector128.IsHardwareAccelerated && destination.Length >= ResizeLanes128.Width)
        {
            Vectors<ResizeLanes128>(rows, offsets, weights, destination);
        }
        else
        {
            Scalar(rows, offsets, weights, destination);
        }
    }

    // Two vectors at a time; the last ones are moved back to end with the destination, and write some bytes a second time.
    private static void Vectors<T>(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<byte> destination)
        where T : struct, IResizeLanes<T>
    {
        ref byte from = ref MemoryMarshal.GetReference(rows);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        int last = destination.Length - T.Width;
        for (int i = 0; i <= last + T.Width - 1; i += 2 * T.Width)
        {
            int left = Math.Min(i, last);
            int right = Math.Min(i + T.Width, last);
            T a = T.Broadcast(ResizeCoefficients.Half);
            T b = a;
            for (int k = 0; k < offsets.Length; k++)
            {
                ref byte row = ref Unsafe.Add(ref from, offsets[k]);
                T weight = T.Broadcast(weights[k]);
                a += T.LoadBytes(ref Unsafe.Add(ref row, left)) * weight;
                b += T.LoadBytes(ref Unsafe.Add(ref row, right)) * weight;
            }

            T.StoreBytes(a, ref Unsafe.Add(ref to, left));
            T.StoreBytes(b, ref Unsafe.Add(ref to, right));
        }
    }

    private static void Scalar(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            int sum = ResizeCoefficients.Half;
            for (int k = 0; k < offsets.Length; k++)
            {
                sum += weights[k] * rows[offsets[k] + i];
            }

            destination[i] = ResizeCoefficients.Level(sum);
        }
    }
}
