using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>dw (+)= Gᵀ[Σ over tiles of V ⊙ D]G of a round's blocks; a chunk is two panels of outputs, a slice of input channels and a block.</summary>
internal readonly unsafe struct WinogradOuterProduct<V, TScheme>(WinogradFilterPlan plan, float* dw, float* blocks, float* partials, float* workers, int firstBlock) : IChunkJob
    where V : struct, ILanes<V>
    where TScheme : IWinogradGradients
{
    private const int Block = MapShape.ChannelBlock;

    private readonly WinogradFilterPlan _plan = plan;
    private readonly float* _dw = dw;
    private readonly float* _blocks = blocks;
    private readonly float* _partials = partials;
    private readonly float* _workers = workers;
    private readonly int _firstBlock = firstBlock;

    /// <summary>Chunks of a block.</summary>
    public int BlockChunks => _plan.Pairs * _plan.V.Slices;

    public void Run(int chunk, int worker)
    {
        int panel = chunk % _plan.Pairs * WinogradPlan.PanelPair;
        int slice = chunk / _plan.Pairs % _plan.V.Slices;
        int index = chunk / BlockChunks;
        int block = _firstBlock + index;
        int tiles = _plan.FirstTile(block + 1) - _plan.FirstTile(block);
        int channels = _plan.V.ChannelsOf(slice);
        int panels = Math.Min(WinogradPlan.PanelPair, _plan.Panels - panel);
        float* v = _blocks + (index * _plan.BlockLength);
        float* d = v + _plan.V.Length + (panel * _plan.DPanel);
        float* u = _workers + (worker * _plan.WorkerLength);
        v += slice * _plan.V.SliceLength;
        for (int point = 0; point < _plan.Grid.Points; point++)
        {
            BlockMultiply<V>.Run(
                channels, panels, tiles, v, 1, _plan.V.SliceChannels, d, _plan.DPanel, u + (point * _plan.UPoint), WinogradFilterPlan.URow, Block,
                accumulate: false, _plan.V.PointStride);
            v += _plan.V.PointStride;
            d += _plan.DPoint;
        }

        bool partial = _plan.RoundBlocks > 1;
        float* dw = partial ? _partials + ((nint)index * _plan.WeightLength) : _dw;
        nint tap = (nint)_plan.V.Channels * Block;
        for (int i = 0; i < panels; i++)
        {
            float* to = dw + ((panel + i) * TScheme.Taps * TScheme.Taps * tap) + ((nint)slice * _plan.V.SliceChannels * Block);
            FilterGradientTransform<V, TScheme>.Run(channels, u + (i * Block), WinogradFilterPlan.URow, _plan.UPoint, to, tap, !partial || _firstBlock > 0);
        }
    }
}
