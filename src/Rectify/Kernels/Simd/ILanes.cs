namespace Rectify.Kernels.Simd;

/// <summary>A vector of floats of some width: kernels are written once over this and made concrete by the JIT.</summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the largest register tile: 14 where there are 32 registers, 6 where there are 16.</summary>
    static abstract int TileRows { get; }

    /// <summary>All lanes zero.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Width floats from <paramref name="source"/>, any alignment.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Width floats to <paramref name="destination"/>, any alignment.</summary>
    static abstract void Store(TSelf value, float* destination);

    /// <summary>
    /// Width floats past the caches to <paramref name="destination"/>, which is aligned to the vector: for results that nobody reads soon. Nothing is read for it.
    /// Other threads see them once the chunk that stored them is counted down: by Workers, with a locked instruction, which is a fence for these stores too.
    /// </summary>
    static abstract void Stream(TSelf value, float* destination);

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary>a·b + c, fused where the hardware fuses.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Lane by lane: y ≤ 0 ? <paramref name="whenNot"/> : <paramref name="whenPositive"/>; a NaN in y counts as positive and so passes through.</summary>
    static abstract TSelf SelectPositive(TSelf y, TSelf whenPositive, TSelf whenNot);

    /// <summary>Lane by lane: a > b ? x : y.</summary>
    static abstract TSelf SelectGreater(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>Lane by lane: a > b, or a the first NaN (b is none) ? x : y: the step of a maximum that NaN wins.</summary>
    static abstract TSelf SelectExceeding(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>Lane by lane: a = b ? x : y.</summary>
    static abstract TSelf SelectEqual(TSelf a, TSelf b, TSelf x, TSelf y);

    /// <summary>Sum, lane by lane.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Difference, lane by lane.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Product, lane by lane.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);
}
