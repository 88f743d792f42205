using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>V and D of a round's blocks; a chunk is a few tiles of one block.</summary>
internal readonly unsafe struct WinogradFilterTransforms<V, TScheme>(WinogradFilterPlan plan, float* x, float* dy, float* blocks, float* workers, int firstBlock) : IChunkJob
    where V : struct, ILanes<V>
    where TScheme : IWinogradGradients
{
    private readonly WinogradFilterPlan _plan = plan;
    private readonly float* _x = x;
    private readonly float* _dy = dy;
    private readonly float* _blocks = blocks;
    private readonly float* _workers = workers;
    private readonly int _firstBlock = firstBlock;

    /// <summary>Chunks of a block.</summary>
    public int BlockChunks => (_plan.BlockTiles + _plan.TransformTiles - 1) / _plan.TransformTiles;

    public void Run(int chunk, int worker)
    {
        int index = chunk / BlockChunks;
        int first = _plan.FirstTile(_firstBlock + index);
        int row = chunk % BlockChunks * _plan.TransformTiles;
        int count = Math.Min(_plan.TransformTiles, _plan.FirstTile(_firstBlock + index + 1) - first - row);
        float* v = _blocks + (index * _plan.BlockLength);
        float* patch = _workers + (worker * _plan.WorkerLength);
        InputTransform<V, TScheme>.Run(_plan.Grid, _x, first + row, count, v, _plan.V, row, patch);
        GradientTransform<V, TScheme>.Run(_plan.Grid, _dy, first + row, count, v + _plan.V.Length, _plan.DPoint, row, patch);
    }
}
