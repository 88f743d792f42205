using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>Sixteen integers: four pixels.</summary>
internal readonly struct ResizeLanes512(Vector512<int> value) : IResizeLanes<ResizeLanes512>
{
    private readonly Vector512<int> _value = value;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 Broadcast(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 Load(ref readonly int source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 LoadBytes(ref readonly byte source)
    {
        Vector256<ushort> words = Vector256.WidenLower(Vector128.LoadUnsafe(in source).ToVector256Unsafe());
        return new(Vector512.WidenLower(words.ToVector512Unsafe()).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 LoadNeighbours(ref byte row, ref readonly int offsets)
    {
        ref int offset = ref Unsafe.AsRef(in offsets);
        Vector256<byte> lower = Vector256.Create(
            Vector128.LoadUnsafe(ref row, (nuint)offset), Vector128.LoadUnsafe(ref row, (nuint)Unsafe.Add(ref offset, 1)));
        Vector256<byte> upper = Vector256.Create(
            Vector128.LoadUnsafe(ref row, (nuint)Unsafe.Add(ref offset, 2)), Vector128.LoadUnsafe(ref row, (nuint)Unsafe.Add(ref offset, 3)));
        return new(Vector512.Create(lower, upper).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 Neighbour(ResizeLanes512 neighbours, int number) =>
        new(Vector512.Shuffle(neighbours._value.AsByte(), ResizeShuffles.Neighbour512(number)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 operator +(ResizeLanes512 a, ResizeLanes512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes512 operator *(ResizeLanes512 a, ResizeLanes512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(ResizeLanes512 sums, ref byte destination) => Levels(sums).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePixels(ResizeLanes512 sums, ref byte destination) =>
        Vector128.Shuffle(Levels(sums), ResizeShuffles.Pixels).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInputs(ResizeLanes512 levels, ref readonly float mean, ref readonly float shift, ref float destination) =>
        ((Vector512.ConvertToSingle(levels._value) - Vector512.LoadUnsafe(in mean)) + Vector512.LoadUnsafe(in shift)).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Levels(ResizeLanes512 sums)
    {
        Vector512<uint> levels = Vector512.Min(sums._value >> ResizeCoefficients.Precision, Vector512.Create(255)).AsUInt32();
        Vector256<ushort> words = Vector256.Narrow(levels.GetLower(), levels.GetUpper());
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }
}
