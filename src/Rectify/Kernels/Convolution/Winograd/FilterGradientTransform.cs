using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>dg (+)= Gᵀ dU G: the adjoint of the filter transform, from n² points to r² taps; see <see cref="IWinograd"/>.</summary>
/// <remarks>Lanes are filters.</remarks>
internal static unsafe class FilterGradientTransform<V, TScheme>
    where V : struct, ILanes<V>
    where TScheme : IWinogradGradients
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>Transforms the gradients of a panel of 16 filters over some channels.</summary>
    /// <param name="channels">Input channels.</param>
    /// <param name="u">dU: point 0 of the first channel.</param>
    /// <param name="row">Floats from a channel to the next in it.</param>
    /// <param name="point">Floats from a point to the next.</param>
    /// <param name="g">dg: tap 0 of the first channel; channels 16 floats apart.</param>
    /// <param name="tap">Floats from a tap to the next.</param>
    /// <param name="accumulate">Adds to dg instead of overwriting it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int channels, float* u, nint row, nint point, float* g, nint tap, bool accumulate)
    {
        for (int i = 0; i < channels; i++, u += row, g += Block)
        {
            for (int lane = 0; lane < Block; lane += V.Width)
            {
                TScheme.FilterGradient<V>(u + lane, point, g + lane, tap, accumulate);
            }
        }
    }
}
