using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>U = G g Gᵀ of a panel of 16 filters over a slice of input channels: [n² points][channels][16]; see <see cref="IWinograd"/>.</summary>
/// <remarks>Lanes are filters. Overwrites. Surplus filters and channels are zero and stay so.</remarks>
internal static unsafe class FilterTransform<V, TScheme>
    where V : struct, ILanes<V>
    where TScheme : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    /// <summary>Transforms filters whose taps lie <paramref name="tap"/> floats apart, their channels 16.</summary>
    /// <param name="g">Tap 0 of the first channel.</param>
    /// <param name="tap">Floats from a tap to the next.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="u">The transformed filters.</param>
    /// <param name="point">Floats from a point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* g, nint tap, int channels, float* u, nint point)
    {
        for (nint i = 0; i < (nint)channels * Block; i += V.Width)
        {
            TScheme.Filter<V>(g + i, tap, u + i, point);
        }
    }
}
