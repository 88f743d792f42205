namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>The numbers of F(4×4, 3×3): y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A.</summary>
/// <remarks>
/// Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural Networks", section 4, with other points than theirs.
/// A 6×6 patch d of the input and a 3×3 filter g are evaluated, as polynomials in each direction, at the points 0, ±a, ±b and ∞; the products there are 36 instead
/// of the 144 of the definition, and they interpolate to 4×4 outputs. With N₀ = a²b², Nₐ = 2a²(a²−b²), N_b = 2b²(b²−a²), for a row of each:
/// <code>
/// Bᵀd: v₀ = a²b²d₀ − (a²+b²)d₂ + d₄           Gg: u₀ = g₀/N₀
///      v₁,₂ = (d₄ − b²d₂) ± a(d₃ − b²d₁)          u₁,₂ = (g₀ ± a·g₁ + a²g₂)/Nₐ
///      v₃,₄ = (d₄ − a²d₂) ± b(d₃ − a²d₁)          u₃,₄ = (g₀ ± b·g₁ + b²g₂)/N_b
///      v₅ = a²b²d₁ − (a²+b²)d₃ + d₅               u₅ = g₂
/// Aᵀm: yₖ = aᵏ(m₁ + (−1)ᵏm₂) + bᵏ(m₃ + (−1)ᵏm₄), and m₀ more for k = 0, m₅ more for k = 3
/// </code>
/// The points are the best of a search: with 1 and 2, the customary ones, errors are twice as large. All constants of Bᵀ and Aᵀ are exact in float32.
/// </remarks>
internal static class WinogradPoints
{
    /// <summary>a.</summary>
    public const float A = 0.625f;

    /// <summary>b.</summary>
    public const float B = 1.5f;

    /// <summary>a².</summary>
    public const float A2 = A * A;

    /// <summary>b².</summary>
    public const float B2 = B * B;

    /// <summary>a³.</summary>
    public const float A3 = A * A * A;

    /// <summary>b³.</summary>
    public const float B3 = B * B * B;

    /// <summary>a²b².</summary>
    public const float A2B2 = A2 * B2;

    /// <summary>a² + b².</summary>
    public const float Sum2 = A2 + B2;

    /// <summary>1/N₀.</summary>
    public const float Zero = (float)(1.0 / (0.625 * 0.625 * 1.5 * 1.5));

    /// <summary>1/Nₐ.</summary>
    public const float ScaleA = (float)NearA;

    /// <summary>a/Nₐ.</summary>
    public const float ScaleA1 = (float)(0.625 * NearA);

    /// <summary>a²/Nₐ.</summary>
    public const float ScaleA2 = (float)(0.625 * 0.625 * NearA);

    /// <summary>1/N_b.</summary>
    public const float ScaleB = (float)NearB;

    /// <summary>b/N_b.</summary>
    public const float ScaleB1 = (float)(1.5 * NearB);

    /// <summary>b²/N_b.</summary>
    public const float ScaleB2 = (float)(1.5 * 1.5 * NearB);

    private const double NearA = 1.0 / (2.0 * 0.625 * 0.625 * ((0.625 * 0.625) - (1.5 * 1.5)));
    private const double NearB = 1.0 / (2.0 * 1.5 * 1.5 * ((1.5 * 1.5) - (0.625 * 0.625)));
}
