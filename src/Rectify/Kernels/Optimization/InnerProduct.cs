namespace Rectify.Kernels.Optimization;

/// <summary>Σ aᵢ·bᵢ in float64: for norms that people look at now and then.</summary>
internal static class InnerProduct
{
    /// <summary>The inner product of two vectors of one length.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        b = b[..a.Length];
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
