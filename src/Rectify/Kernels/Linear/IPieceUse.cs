namespace Rectify.Kernels.Linear;

/// <summary>What becomes of a piece of a gradient that has just been multiplied out and is in the cache.</summary>
internal unsafe interface IPieceUse
{
    /// <summary>Uses a piece up.</summary>
    /// <param name="piece">The numbers.</param>
    /// <param name="at">Where in the weights they belong.</param>
    /// <param name="length">How many: a multiple of 16.</param>
    void Use(float* piece, nint at, int length);

    /// <summary>Fetches what it will meet there; it may lie beyond the weights.</summary>
    void Ask(nint at, int length);
}
