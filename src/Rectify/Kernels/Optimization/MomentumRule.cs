using System.Runtime.CompilerServices;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Optimization;

/// <summary>A step of the momentum method in the paper's form (equation 4), the rate inside the velocity: v := μ·v + ε·(dw + λ·w), then w := w − v.</summary>
/// <remarks>PyTorch and ONNX keep the rate outside (w := w − ε·v); the two agree only while the rate is constant.</remarks>
/// <param name="Rate">ε.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Decay">λ; 0 for none.</param>
internal readonly record struct MomentumRule(float Rate, float Momentum, float Decay)
{
    /// <summary>Updates a vector of velocities and parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe void Apply<V>(V dw, float* w, float* v)
        where V : struct, ILanes<V>
    {
        V before = V.Load(w);
        V gradient = V.MultiplyAdd(V.Broadcast(Decay), before, dw);
        V velocity = (V.Broadcast(Momentum) * V.Load(v)) + (V.Broadcast(Rate) * gradient);
        V.Store(velocity, v);
        V.Store(before - velocity, w);
    }
}
