using System.Numerics;
using System.Runtime.InteropServices;
using Rectify.Tensors;

namespace Rectify.Initialization;

/// <summary>Random orthonormal vectors (Saxe, McClelland, Ganguli 2014), by Gram and Schmidt, each twice, in float64.</summary>
internal static class OrthogonalMath
{
    /// <summary>Vectors of length 1, each at right angles to the others, from normal numbers.</summary>
    /// <param name="count">How many; at most <paramref name="length"/>.</param>
    /// <param name="length">Numbers of each.</param>
    /// <param name="stream">The random numbers of a vector.</param>
    public static double[][] Vectors(int count, int length, Func<int, RandomStream> stream)
    {
        double[][] vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            double[] vector = vectors[i] = new double[length];
            RandomStream random = stream(i);
            for (int j = 0; j < length; j++)
            {
                vector[j] = random.NextGaussian();
            }

            // Once leaves a rounding error as large as the vector was near to the others' span; twice is enough (Kahan and Parlett).
            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < i; other++)
                {
                    Add(vector, vectors[other], -Dot(vector, vectors[other]));
                }
            }

            double norm = Math.Sqrt(Dot(vector, vector));
            Add(vector, vector, (1.0 / norm) - 1.0);
        }

        return vectors;
    }

    private static double Dot(double[] a, double[] b)
    {
        ReadOnlySpan<Vector<double>> va = MemoryMarshal.Cast<double, Vector<double>>(a);
        ReadOnlySpan<Vector<double>> vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < va.Length; i++)
        {
            sums += va[i] * vb[i];
        }

        double sum = Vector.Sum(sums);
        for (int i = va.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    // a := a + factor·b.
    private static void Add(double[] a, double[] b, double factor)
    {
        Span<Vector<double>> va = MemoryMarshal.Cast<double, Vector<double>>(a.AsSpan());
        ReadOnlySpan<Vector<double>> vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        for (int i = 0; i < va.Length; i++)
        {
            va[i] += vb[i] * factor;
        }

        for (int i = va.Length * Vector<double>.Count; i < a.Length; i++)
        {
            a[i] += factor * b[i];
        }
    }
}
