using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>Four integers: one pixel.</summary>
internal readonly struct ResizeLanes128(Vector128<int> value) : IResizeLanes<ResizeLanes128>
{
    private readonly Vector128<int> _value = value;

    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 Broadcast(int value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 Load(ref readonly int source) => new(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 LoadBytes(ref readonly byte source)
    {
        Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in source)).AsByte();
        return new(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 LoadNeighbours(ref byte row, ref readonly int offsets) =>
        new(Vector128.LoadUnsafe(ref row, (nuint)offsets).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 Neighbour(ResizeLanes128 neighbours, int number) =>
        new(Vector128.Shuffle(neighbours._value.AsByte(), ResizeShuffles.Neighbour128(number)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 operator +(ResizeLanes128 a, ResizeLanes128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ResizeLanes128 operator *(ResizeLanes128 a, ResizeLanes128 b) => new(a._value * b._value);

    // A pixel's lanes lie in order, so both stores are one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(ResizeLanes128 sums, ref byte destination)
    {
        Vector128<int> levels = Vector128.Min(sums._value >> ResizeCoefficients.Precision, Vector128.Create(255));
        Unsafe.WriteUnaligned(ref destination, Vector128.Shuffle(levels.AsByte(), ResizeShuffles.LowBytes).AsUInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePixels(ResizeLanes128 sums, ref byte destination) => StoreBytes(sums, ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInputs(ResizeLanes128 levels, ref readonly float mean, ref readonly float shift, ref float destination) =>
        ((Vector128.ConvertToSingle(levels._value) - Vector128.LoadUnsafe(in mean)) + Vector128.LoadUnsafe(in shift)).StoreUnsafe(ref destination);
}
