using Rectify.Kernels.Gemm;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>A 3×3 convolution of stride 1 by F(4×4, 3×3), block by block; see <see cref="WinogradPlan"/>.</summary>
internal readonly unsafe struct WinogradMultiply<V> : IChunkJob
    where V : struct, ILanes<V>
{
    private const int Block = MapShape.ChannelBlock;

    private readonly WinogradPlan _plan;
    private readonly WinogradFilters<V> _filters;
    private readonly float* _map;
    private readonly Epilogue<V> _epilogue;
    private readonly float* _u;
    private readonly float* _workers;

    private WinogradMultiply(in WinogradPlan plan, WinogradFilters<V> filters, float* map, in Epilogue<V> epilogue, float* scratch)
    {
        _plan = plan;
        _filters = filters;
        _map = map;
        _epilogue = epilogue;
        _u = scratch;
        _workers = scratch + plan.FiltersLength;
    }

    /// <summary>Convolves.</summary>
    /// <param name="grid">The tiles.</param>
    /// <param name="filters">The filters.</param>
    /// <param name="map">What is convolved.</param>
    /// <param name="epilogue">Where the result goes, and what is done to it.</param>
    /// <param name="scratch">At least the plan's ScratchLength.</param>
    /// <param name="workers">Threads.</param>
    public static void Run(in TileGrid grid, WinogradFilters<V> filters, float* map, in Epilogue<V> epilogue, float* scratch, Workers workers)
    {
        WinogradPlan plan = new(grid);
        WinogradMultiply<V> job = new(plan, filters, map, epilogue, scratch);
        if (plan.Once)
        {
            TransformAllFilters<V> transform = new(plan, filters, scratch, job._workers);
            workers.Run(transform.Chunks, ref transform);
        }

        workers.Run(plan.Chunks, ref job);
    }

    public void Run(int chunk, int worker)
    {
        int block = chunk / _plan.Groups;
        int group = chunk % _plan.Groups;
        int first = _plan.FirstTile(block);
        int count = _plan.FirstTile(block + 1) - first;
        float* v = _workers + (worker * _plan.WorkerLength);
        float* m = v + _plan.ScratchOfM;
        InputTransform<V>.Run(_plan.Grid, _map, first, count, v, _plan.V, 0, v + _plan.ScratchOfPatch);
        int end = _plan.FirstPanel(group + 1);
        for (int panel = _plan.FirstPanel(group); panel < end; panel += WinogradPlan.PanelPair)
        {
            int panels = Math.Min(WinogradPlan.PanelPair, end - panel);
            for (int slice = 0; slice < _plan.V.Slices; slice++)
            {
                Multiply(panel, panels, slice, count, v, m);
            }

            for (int i = 0; i < panels; i++)
            {
                OutputTransform<V>.Run(
                    _plan.Grid, first, count, m + (i * Block), WinogradPlan.MRow, _plan.MPoint, (panel + i) * Block, _epilogue, v + _plan.ScratchOfPatch);
            }
        }
    }

    // M (+)= V·U over a slice of the channels, point by point.
    private void Multiply(int panel, int panels, int slice, int count, float* v, float* m)
    {
        int channels = _plan.V.ChannelsOf(slice);
        float* u = v + _plan.ScratchOfU;
        nint uPanel = _plan.ULength;
        if (_plan.Once)
        {
            u = _u + (((panel * _plan.V.Slices) + slice) * _plan.ULength);
            uPanel *= _plan.V.Slices;
        }
        else
        {
            for (int i = 0; i < panels; i++)
            {
                _filters.Transform(
                    panel + i, slice * _plan.V.SliceChannels, channels, u + (i * uPanel), _plan.UPoint, v + _plan.ScratchOfTurned);
            }
        }

        float* a = v + (slice * _plan.V.SliceLength);
        for (int point = 0; point < TileGrid.Points; point++)
        {
            BlockMultiply<V>.Run(
                count, panels, channels, a, _plan.V.SliceChannels, 1, u, uPanel, m, WinogradPlan.MRow, Block, slice > 0);
            a += _plan.V.PointStride;
            u += _plan.UPoint;
            m += _plan.MPoint;
        }
    }
}
