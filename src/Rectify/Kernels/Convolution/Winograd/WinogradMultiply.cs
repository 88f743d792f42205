using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Gemm;
using Rectify.Kernels.Rectifiers;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>A convolution of stride 1, block by block; see <see cref="WinogradPlan"/>.</summary>
internal readonly unsafe struct WinogradMultiply<V, TScheme> : IChunkJob
    where V : struct, ILanes<V>
    where TScheme : IWinograd
{
    private const int Block = MapShape.ChannelBlock;

    private readonly WinogradPlan _plan;
    private readonly float* _w;
    private readonly float* _map;
    private readonly Epilogue<V> _epilogue;
    private readonly float* _workers;

    private WinogradMultiply(in WinogradPlan plan, float* w, float* map, in Epilogue<V> epilogue, float* scratch)
    {
        _plan = plan;
        _w = w;
        _map = map;
        _epilogue = epilogue;
        _workers = scratch;
    }

    /// <summary>Convolves.</summary>
    /// <param name="grid">The tiles.</param>
    /// <param name="w">The filters, [panel of outputs][r][r][pitch of the map][16].</param>
    /// <param name="map">What is convolved.</param>
    /// <param name="epilogue">Where the result goes, and what is done to it.</param>
    /// <param name="scratch">At least the plan's ScratchLength.</param>
    /// <param name="workers">Threads.</param>
    public static void Run(in TileGrid grid, float* w, float* map, in Epilogue<V> epilogue, float* scratch, Workers workers)
    {
        WinogradPlan plan = new(grid, workers.Count);
        WinogradMultiply<V, TScheme> job = new(plan, w, map, epilogue, scratch);
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
        InputTransform<V, TScheme>.Run(_plan.Grid, _map, first, count, v, _plan.V, 0, v + _plan.ScratchOfPatch);
        int end = _plan.FirstPanel(group + 1);
        for (int panel = _plan.FirstPanel(group); panel < end; panel += WinogradPlan.PanelPair)
        {
            int panels = Math.Min(WinogradPlan.PanelPair, end - panel);
            for (int slice = 0; slice < _plan.V.Slices; slice++)
            {
                Multiply(panel, panels, slice, end, count, v, m);
            }

            OutputTransform<V, TScheme>.Run(
                _plan.Grid, first, count, panels, m, WinogradPlan.MRow, _plan.MPoint, panel * Block, _epilogue, v + _plan.ScratchOfPatch);
        }

        _epilogue.Fence();
    }

    // M (+)= V·U over a slice of the channels, point by point.
    private void Multiply(int panel, int panels, int slice, int end, int count, float* v, float* m)
    {
        int channels = _plan.V.ChannelsOf(slice);
        nint tap = (nint)_plan.V.Channels * Block;
        float* u = v + _plan.ScratchOfU;
        for (int i = 0; i < panels; i++)
        {
            FilterTransform<V, TScheme>.Run(Filters(panel + i, slice), tap, channels, u + (i * _plan.ULength), _plan.UPoint);
        }

        // Where the next filters lie: the same panels' next slice, or the next panels' first.
        bool more = slice + 1 < _plan.V.Slices;
        int nextPanel = more ? panel : panel + WinogradPlan.PanelPair;
        int nextPanels = Math.Min(WinogradPlan.PanelPair, end - nextPanel);
        float* a = v + (slice * _plan.V.SliceLength);
        for (int point = 0; point < _plan.Grid.Points; point++)
        {
            for (int i = 0; i < nextPanels; i++)
            {
                PrefetchFilters(Filters(nextPanel + i, more ? slice + 1 : 0), tap, point);
            }

            BlockMultiply<V>.Run(
                count, panels, channels, a, _plan.V.SliceChannels, 1, u, _plan.ULength, m, WinogradPlan.MRow, Block, slice > 0, _plan.V.PointStride);
            a += _plan.V.PointStride;
            u += _plan.UPoint;
            m += _plan.MPoint;
        }
    }

    private static int Taps => TScheme.Taps * TScheme.Taps;

    private static int PointsOfTap => TScheme.PatchSize * TScheme.PatchSize / Taps;

    private float* Filters(int panel, int slice) =>
        _w + (((panel * Taps * (nint)_plan.V.Channels) + ((nint)slice * _plan.V.SliceChannels)) * Block);

    // During each point's product, its share of the next filters: with 36 points and 9 taps a quarter of a tap.
    private void PrefetchFilters(float* filters, nint tap, int point)
    {
        if (!Sse.IsSupported || point >= PointsOfTap * Taps)
        {
            return;
        }

        int lines = (_plan.V.SliceChannels + PointsOfTap - 1) / PointsOfTap;
        filters += (point / PointsOfTap * tap) + ((nint)(point % PointsOfTap) * lines * Block);
        for (int i = 0; i < lines; i++, filters += Block)
        {
            Sse.Prefetch1(filters);
        }
    }
}
