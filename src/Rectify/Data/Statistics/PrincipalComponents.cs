using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Rectify.Data;

/// <summary>The principal components of a covariance: the directions in which pixels vary most.</summary>
internal static class PrincipalComponents
{
    /// <summary>Eigenvalues in falling order, and the unit eigenvector of each as a row.</summary>
    /// <param name="covariance">Symmetric, [n,n].</param>
    /// <returns>Values are never below 0; a row's entry of largest magnitude is positive, so that the signs are determined.</returns>
    public static (double[] Values, double[,] Vectors) Of(double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        int n = covariance.GetLength(0);
        Evd<double> evd = Matrix<double>.Build.DenseOfArray(covariance).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => evd.EigenValues[i].Real)];
        double[,] vectors = new double[n, n];
        for (int row = 0; row < n; row++)
        {
            Vector<double> vector = evd.EigenVectors.Column(order[row]);
            double sign = vector[vector.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
            for (int i = 0; i < n; i++)
            {
                vectors[row, i] = sign * vector[i];
            }
        }

        return ([.. order.Select(i => Math.Max(evd.EigenValues[i].Real, 0))], vectors);
    }
}
