namespace Rectify.Data;

/// <summary>A vector of 32-bit integers of some width, in which resizing sums: written once over this and made concrete by the JIT.</summary>
/// <remarks>Integers alone: every width gives the same bits.</remarks>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal interface IResizeLanes<TSelf>
    where TSelf : struct, IResizeLanes<TSelf>
{
    /// <summary>Integers in a vector; four of them are a pixel: red, green, blue and one to spare.</summary>
    static abstract int Width { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract TSelf Broadcast(int value);

    /// <summary>Width integers from <paramref name="source"/>.</summary>
    static abstract TSelf Load(ref readonly int source);

    /// <summary>Width bytes from <paramref name="source"/>, each widened to a lane.</summary>
    static abstract TSelf LoadBytes(ref readonly byte source);

    /// <summary>For each pixel of the vector 16 bytes, which are up to five neighbours of three bytes.</summary>
    /// <param name="row">The bytes of a row.</param>
    /// <param name="offsets">Width/4 offsets into the row; 16 bytes are read from each.</param>
    static abstract TSelf LoadNeighbours(ref byte row, ref readonly int offsets);

    /// <summary>Of each pixel's neighbours the one of a number, 0 to 4 and a constant, widened to its four lanes; the fourth lane is 0.</summary>
    static abstract TSelf Neighbour(TSelf neighbours, int number);

    /// <summary>Sum, lane by lane.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Product, lane by lane.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Lane by lane min(sum / 2^<see cref="ResizeCoefficients.Precision"/>, 255) to Width bytes at <paramref name="destination"/>; the sums are not
    /// negative.</summary>
    static abstract void StoreBytes(TSelf sums, ref byte destination);

    /// <summary>As <see cref="StoreBytes"/>, but without each pixel's fourth lane: ¾ Width bytes, and behind them as many as make up Width, which mean
    /// nothing.</summary>
    static abstract void StorePixels(TSelf sums, ref byte destination);

    /// <summary>Lane by lane (level − mean) + shift as Width floats at <paramref name="destination"/>.</summary>
    static abstract void StoreInputs(TSelf levels, ref readonly float mean, ref readonly float shift, ref float destination);
}
