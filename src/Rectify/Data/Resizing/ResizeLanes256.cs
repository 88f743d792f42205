using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>Eight integers: two pixels.</summary>
internal readonly struct ResizeLanes256(Vector256<int> value) : IResizeLanes<ResizeLanes256>
{
    private readonly Vector256<int> _value = value;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 Broadcast(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 Load(ref readonly int source) => new(Vector256.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 LoadBytes(ref readonly byte source)
    {
        Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in source)).AsByte();
        return new(Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe()).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 LoadNeighbours(ref byte row, ref readonly int offsets)
    {
        Vector128<byte> first = Vector128.LoadUnsafe(ref row, (nuint)offsets);
        Vector128<byte> second = Vector128.LoadUnsafe(ref row, (nuint)Unsafe.Add(ref Unsafe.AsRef(in offsets), 1));
        return new(Vector256.Create(first, second).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 Neighbour(ResizeLanes256 neighbours, int number) =>
        new(Vector256.Shuffle(neighbours._value.AsByte(), ResizeShuffles.Neighbour256(number)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 operator +(ResizeLanes256 a, ResizeLanes256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes256 operator *(ResizeLanes256 a, ResizeLanes256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(ResizeLanes256 sums, ref byte destination) =>
        Unsafe.WriteUnaligned(ref destination, Levels(sums).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePixels(ResizeLanes256 sums, ref byte destination) =>
        Unsafe.WriteUnaligned(ref destination, Vector128.Shuffle(Levels(sums), ResizeShuffles.Pixels).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInputs(ResizeLanes256 levels, ref readonly float mean, ref readonly float shift, ref float destination) =>
        ((Vector256.ConvertToSingle(levels._value) - Vector256.LoadUnsafe(in mean)) + Vector256.LoadUnsafe(in shift)).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Levels(ResizeLanes256 sums)
    {
        Vector256<uint> levels = Vector256.Min(sums._value >> ResizeCoefficients.Precision, Vector256.Create(255)).AsUInt32();
        Vector128<ushort> words = Vector128.Narrow(levels.GetLower(), levels.GetUpper());
        return Vector128.Narrow(words, words);
    }
}
