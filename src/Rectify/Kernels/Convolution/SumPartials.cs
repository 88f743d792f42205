using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Convolution;

/// <summary>Adds partial sums to a total, in their order: total[i] += Σ over groups of partials[group][i].</summary>
internal readonly unsafe struct SumPartials<V>(int groups, int length, float* partials, float* total) : IChunkJob
    where V : struct, ILanes<V>
{
    private const int ChunkLength = 16384;

    private readonly int _groups = groups;
    private readonly int _length = length;
    private readonly float* _partials = partials;
    private readonly float* _total = total;

    /// <summary>Chunks of the work.</summary>
    public int Chunks => (_length + ChunkLength - 1) / ChunkLength;

    public void Run(int chunk, int worker)
    {
        int last = Math.Min(_length, (chunk + 1) * ChunkLength);
        for (int i = chunk * ChunkLength; i < last; i += V.Width)
        {
            V sum = V.Load(_partials + i);
            for (int group = 1; group < _groups; group++)
            {
                sum += V.Load(_partials + ((nint)group * _length) + i);
            }

            V.Store(V.Load(_total + i) + sum, _total + i);
        }
    }
}
