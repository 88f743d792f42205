using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>The filters of a convolution, read as they lie and transformed panel by panel: as they are for forward, turned and transposed for backward-data.</summary>
/// <param name="w">[⌈K/16⌉][3][3][pitch of C][16].</param>
/// <param name="pitch">Pitch of C, the forward convolution's input.</param>
/// <param name="turned">Whether for backward-data.</param>
internal readonly unsafe struct WinogradFilters<V>(float* w, int pitch, bool turned)
    where V : struct, ILanes<V>
{
    private const int Taps = 9;
    private const int Block = MapShape.ChannelBlock;

    private readonly float* _w = w;
    private readonly int _pitch = pitch;
    private readonly bool _turned = turned;

    /// <summary>U of a panel of outputs over <paramref name="channels"/> inputs from <paramref name="first"/> on; overwrites.</summary>
    public void Transform(int panel, int first, int channels, float* u, nint point, float* scratch)
    {
        if (_turned)
        {
            FilterTransform<V>.Turned(_w, _pitch, panel, first, channels, u, point, scratch);
        }
        else
        {
            nint tap = (nint)_pitch * Block;
            FilterTransform<V>.Run(_w + (panel * Taps * tap) + ((nint)first * Block), tap, channels, u, point);
        }
    }
}

/// <summary>Transforms all filters into [panel][slice][36 points][channels][16]; a chunk is a panel and a slice.</summary>
internal readonly unsafe struct TransformAllFilters<V>(WinogradPlan plan, WinogradFilters<V> filters, float* u, float* workers) : IChunkJob
    where V : struct, ILanes<V>
{
    private readonly WinogradPlan _plan = plan;
    private readonly WinogradFilters<V> _filters = filters;
    private readonly float* _u = u;
    private readonly float* _workers = workers;

    public int Chunks => _plan.Panels * _plan.V.Slices;

    public void Run(int chunk, int worker)
    {
        int slice = chunk % _plan.V.Slices;
        float* scratch = _workers + (worker * _plan.WorkerLength) + _plan.ScratchOfTurned;
        _filters.Transform(
            chunk / _plan.V.Slices, slice * _plan.V.SliceChannels, _plan.V.ChannelsOf(slice), _u + (chunk * _plan.ULength), _plan.UPoint, scratch);
    }
}
