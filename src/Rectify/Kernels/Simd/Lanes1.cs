using System.Runtime.CompilerServices;

namespace Rectify.Kernels.Simd;

/// <summary>One float: what runs where there are no hardware vectors.</summary>
internal readonly unsafe struct Lanes1(float lane) : ILanes<Lanes1>
{
    private readonly float _lane = lane;

    public static int Width => 1;

    public static int TileRows => 6;

    public static Lanes1 Zero => new(0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, float* destination) => *destination = value._lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Lanes1 value, float* destination) => *destination = value._lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(float.MultiplyAddEstimate(a._lane, b._lane, c._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectPositive(Lanes1 y, Lanes1 whenPositive, Lanes1 whenNot) => y._lane <= 0f ? whenNot : whenPositive;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectGreater(Lanes1 a, Lanes1 b, Lanes1 x, Lanes1 y) => a._lane > b._lane ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectExceeding(Lanes1 a, Lanes1 b, Lanes1 x, Lanes1 y) => a._lane <= b._lane || float.IsNaN(b._lane) ? y : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SelectEqual(Lanes1 a, Lanes1 b, Lanes1 x, Lanes1 y) => a._lane == b._lane ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a._lane + b._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a._lane - b._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a._lane * b._lane);
}
