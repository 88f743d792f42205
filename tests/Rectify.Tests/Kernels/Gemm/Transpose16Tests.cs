using Rectify.Kernels.Gemm;

namespace Rectify.Tests.Kernels.Gemm;

public sealed unsafe class Transpose16Tests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(17, 16)]
    [InlineData(16, 23)]
    [InlineData(48, 31)]
    public void Run_AnyDistanceOfRows_TransposesAndTouchesNothingElse(int sourceRow, int destinationRow)
    {
        GuardedFloats source = new(KernelTestBench.Uniform(1, 1, (15 * sourceRow) + 16));
        GuardedFloats destination = new((15 * destinationRow) + 16);
        fixed (float* from = source.Span, to = destination.Span)
        {
            Transpose16.Run(from, sourceRow, to, destinationRow);
        }

        float[] result = destination.AssertIntact("destination");
        for (int i = 0; i < result.Length; i++)
        {
            (int row, int column) = (i / destinationRow, i % destinationRow);
            Assert.Equal(column < 16 ? source.Span[(column * sourceRow) + row] : float.NaN, result[i]);
        }
    }
}
