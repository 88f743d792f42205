using Rectify.Kernels.Gemm;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>dw[row,k] += Σ over pixels of patch[pixel,row]·dy[pixel,k]: the pixels are the depth, so the patches are read transposed, by strides alone.</summary>
internal readonly unsafe struct PatchOuterProduct<V> : IChunkJob
    where V : struct, ILanes<V>
{
    private const int Panel = MapShape.ChannelBlock;

    private readonly OuterProductPlan _plan;
    private readonly PatchSource _patches;
    private readonly float* _dy;
    private readonly float* _dw;
    private readonly float* _scratch;

    public PatchOuterProduct(OuterProductPlan plan, PatchSource patches, float* dy, float* dw, float* scratch, int workers)
    {
        _plan = plan;
        _patches = patches;
        _dy = dy;
        _dw = dw;
        _scratch = scratch;
        Partials = scratch + (workers * plan.WorkerLength);
    }

    /// <summary>Partial sums by group, each laid out like dw; used where there is more than one group.</summary>
    public float* Partials { get; }

    public void Run(int chunk, int worker)
    {
        int row = chunk % _plan.RowChunks * _plan.RowBlock;
        int panel = chunk / _plan.RowChunks % _plan.PanelChunks * _plan.PanelBlock;
        int group = chunk / _plan.RowChunks / _plan.PanelChunks;
        int rows = Math.Min(_plan.RowBlock, _plan.Depth - row);
        int panels = Math.Min(_plan.PanelBlock, _plan.Panels - panel);
        bool partial = _plan.Groups > 1;
        float* dw = partial ? Partials + ((nint)group * _plan.WeightLength) : _dw;
        dw += (((nint)panel * _plan.Depth) + row) * Panel;
        float* slab = _scratch + (worker * _plan.WorkerLength);
        float* packed = slab + ((nint)OuterProductPlan.PixelBlock * _plan.SlabRow);
        int first = (int)((long)_plan.Pixels * group / _plan.Groups);
        int last = (int)((long)_plan.Pixels * (group + 1) / _plan.Groups);
        for (int pixel = first; pixel < last; pixel += OuterProductPlan.PixelBlock)
        {
            int pixels = Math.Min(OuterProductPlan.PixelBlock, last - pixel);
            _patches.Gather<V>(pixel, pixels, row, row + rows, slab, _plan.SlabRow);
            Pack(pixel, pixels, panel, panels, packed);
            bool accumulate = !partial || pixel > first;
            BlockMultiply<V>.Run(
                rows, panels, pixels, slab, 1, _plan.SlabRow, packed, (nint)pixels * Panel, dw, Panel, (nint)_plan.Depth * Panel, accumulate);
        }
    }

    // dy[pixel][K] → [panels][pixel][16]
    private void Pack(int pixel, int pixels, int panel, int panels, float* packed)
    {
        nint k = (nint)_plan.Panels * Panel;
        float* from = _dy + (pixel * k) + ((nint)panel * Panel);
        for (int i = 0; i < pixels; i++, from += k)
        {
            float* to = packed + ((nint)i * Panel);
            for (int j = 0; j < panels; j++, to += (nint)pixels * Panel)
            {
                Lines<V>.Copy(from + ((nint)j * Panel), to, Panel);
            }
        }
    }
}
