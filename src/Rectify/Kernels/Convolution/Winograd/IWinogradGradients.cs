using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>A form of Winograd's that the filters' gradient goes by too.</summary>
internal unsafe interface IWinogradGradients : IWinograd
{
    /// <summary>A dy Aᵀ: the gradients of a tile, its pixels a row and a column of floats apart, to n² points.</summary>
    static abstract void Gradient<V>(float* dy, nint row, nint column, float* d, nint point)
        where V : struct, ILanes<V>;

    /// <summary>Gᵀ dU G: the gradients at n² points to r² taps, which are overwritten or added to.</summary>
    static abstract void FilterGradient<V>(float* du, nint point, float* dg, nint tap, bool accumulate)
        where V : struct, ILanes<V>;
}
