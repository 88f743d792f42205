using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>A form F(m×m, r×r) of Winograd's: y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, given by what its matrices do.</summary>
/// <remarks>
/// Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks", section 4. A patch d of n = m + r − 1 inputs in each direction and a filter g of r taps
/// are evaluated, as polynomials, at n points (one of them ∞); the n² products there interpolate to m×m outputs y. Lanes are channels. What lies between columns and rows
/// stays in registers; so long methods are cut in several, for the JIT ceases to inline in one that has all rows.
/// </remarks>
internal unsafe interface IWinograd
{
    /// <summary>Of kernels with it, before their width: "winograd-f", m and r.</summary>
    static abstract string Name { get; }

    /// <summary>m: outputs of a tile in each direction.</summary>
    static abstract int Size { get; }

    /// <summary>r: taps in each direction.</summary>
    static abstract int Taps { get; }

    /// <summary>n = m + r − 1: inputs, and points, in each direction.</summary>
    static abstract int PatchSize { get; }

    /// <summary>BᵀdB: a patch, its pixels a row and a column of floats apart, to n² points.</summary>
    static abstract void Patch<V>(float* d, nint row, nint column, float* v, nint point)
        where V : struct, ILanes<V>;

    /// <summary>GgGᵀ: r² taps to n² points.</summary>
    static abstract void Filter<V>(float* g, nint tap, float* u, nint point)
        where V : struct, ILanes<V>;

    /// <summary>AᵀmA: n² points to a tile of outputs, which come to lie 16 floats apart, row after row.</summary>
    static abstract void Output<V>(float* m, nint point, float* y)
        where V : struct, ILanes<V>;
}
