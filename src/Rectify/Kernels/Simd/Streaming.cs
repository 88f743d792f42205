namespace Rectify.Kernels.Simd;

/// <summary>When results are better written past the caches (<see cref="ILanes{TSelf}.Stream"/>).</summary>
internal static unsafe class Streaming
{
    // 4 MB: beyond that a share of a last-level cache would not keep them for the next step, and they would push out what it could have kept.
    private const long SmallestLength = 1 << 20;

    /// <summary>Whether it pays and can be done: the results are large and lie on whole vectors.</summary>
    /// <param name="length">Floats of each result.</param>
    /// <param name="first">A result.</param>
    /// <param name="second">Another, or null.</param>
    public static bool Pays<V>(long length, float* first, float* second = null)
        where V : struct, ILanes<V> =>
        length >= SmallestLength && (((nint)first | (nint)second) & ((V.Width * sizeof(float)) - 1)) == 0;
}
