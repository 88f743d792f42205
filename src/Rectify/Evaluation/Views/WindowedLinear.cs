using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>The first fully connected layer behind a spatial pyramid, over all windows of a map at once: the finest level's share by convolution, the others' by pooling.</summary>
/// <remarks>
/// <para>Level n divides a window of d·n × d·n pixels into bins of d×d. With M the maxima over d×d at every place, the bins of the window at (i,j) are M[i+d·r, j+d·s],
/// r, s = 0 … n−1, so this level's share of the layer, Σ w[k,c,r,s]·M[i+d·r, j+d·s, c], is a convolution of M with taps d apart. It falls into d² ordinary ones, of the
/// pixels of M whose row and column leave the same remainders by d. Winograd's F(2×2, 7×7) does each with a third of the products; of the paper's {7,3,2,1} these bins
/// are 49 of 63. The remainders' maps are padded with zeros to one size.</para>
/// <para>Keeps a copy of the layer's weights, in two parts: so the network's must not change meanwhile.</para>
/// </remarks>
internal sealed class WindowedLinear : IDisposable
{
    // Below this, reading the weights for one photo takes longer than what is spared; whole batches of windows share them.
    private const int FewestWindows = 64;

    private readonly KernelContext _context;
    private readonly MapShape _window;
    private readonly Linear _linear;
    private readonly int _taps;
    private readonly int _apart;
    private readonly IReadOnlyList<int> _others;
    private readonly NativeBuffer _tapWeights;
    private readonly NativeBuffer _otherWeights;
    private readonly GrowingBuffer _maxima = new();
    private readonly GrowingBuffer _phases = new();
    private readonly GrowingBuffer _convolved = new();
    private readonly GrowingBuffer _pooled = new();
    private readonly GrowingBuffer _otherMaxima = new();
    private readonly GrowingBuffer _scratch = new();
    private ConvolutionShape _work;
    private WindowPyramidShape _shape;

    private WindowedLinear(Linear linear, MapShape window, IReadOnlyList<int> levels, int finest, KernelContext context)
    {
        (_linear, _window, _context) = (linear, window, context);
        (_taps, _apart) = (levels[finest], window.H / levels[finest]);
        _others = [.. levels.Where((_, level) => level != finest)];
        int bins = levels.Sum(n => n * n), first = levels.Take(finest).Sum(n => n * n), taps = _taps * _taps;
        int bin = window.Pitch * MapShape.ChannelBlock, panels = MapShape.Blocks(linear.Outputs);
        _tapWeights = new NativeBuffer((long)panels * taps * bin);
        _otherWeights = new NativeBuffer((long)panels * (bins - taps) * bin);
        for (int panel = 0; panel < panels; panel++)
        {
            ReadOnlySpan<float> w = linear.Weight.Values.Slice(panel * bins * bin, bins * bin);
            w.Slice(first * bin, taps * bin).CopyTo(_tapWeights.Slice((long)panel * taps * bin, taps * bin));
            Span<float> others = _otherWeights.Slice((long)panel * (bins - taps) * bin, (bins - taps) * bin);
            w[..(first * bin)].CopyTo(others);
            w[((first + taps) * bin)..].CopyTo(others[(first * bin)..]);
        }
    }

    /// <summary>What the layer gives for one window.</summary>
    public MapShape Output => _linear.Shape(_linear.Features).Output;

    /// <summary>For a layer and the pyramid before it; null where no level's bins are of one size, where there is only one level, or where no approximate kernel may run.</summary>
    /// <param name="linear">The layer.</param>
    /// <param name="window">The map under a window.</param>
    /// <param name="levels">The pyramid's.</param>
    /// <param name="context">Threads and vector width.</param>
    public static WindowedLinear? For(Linear linear, MapShape window, IReadOnlyList<int> levels, KernelContext context)
    {
        int finest = levels.ToList().IndexOf(levels.Max());
        bool fits = levels.Count > 1 && window.H == window.W && window.H % levels[finest] == 0 && levels[finest] < window.H;
        return fits && ConvolutionKernels.Forward.Choose(Whole(window, levels[finest], linear.Outputs), context).IsApproximate
            ? new WindowedLinear(linear, window, levels, finest, context)
            : null;
    }

    /// <summary>Whether this is faster for a map than pooling all bins: a matter of the map's size alone.</summary>
    public bool Pays(in WindowPyramidShape shape) =>
        shape.Rows == _window.H && shape.Columns == _window.W && shape.Down * shape.Across * shape.Input.N >= FewestWindows
        && ConvolutionKernels.Forward.Choose(Work(shape.Input), _context).IsApproximate;

    /// <summary>Does what all windows of some maps share.</summary>
    /// <param name="map">The maps' shape.</param>
    /// <param name="x">The maps.</param>
    public void Prepare(MapShape map, ReadOnlySpan<float> x)
    {
        PoolShape pool = new(map, Window.Square(_apart), RoundUp: false);
        Span<float> maxima = _maxima.Take(pool.Output.Length);
        PoolKernels.Forward.Choose(pool, _context.Isa).Run(pool, x, maxima, [], _context);
        _work = Work(map);
        _ = _phases.Take(_work.Input.Length);
        ParallelLoop.Run(_context.Workers, _work.Input.N * _work.Input.H, (row, _) => FillPhase(pool.Output, row));
        ConvolutionForwardKernel kernel = ConvolutionKernels.Forward.Choose(_work, _context);
        ConvolutionForwardOperands operands = new()
        {
            X = _phases.Slice(0, _work.Input.Length),
            W = _tapWeights.Slice(0, checked((int)_tapWeights.Length)),
            Y = _convolved.Take(_work.Output.Length),
            Scratch = _scratch.Take(kernel.ScratchLength(_work, _context.Workers.Count)),
        };
        kernel.Run(_work, operands, _context);
        _shape = new WindowPyramidShape(map, _window.H, _window.W, _others);
        WindowPyramidKernel pooling = WindowPyramidKernels.Forward.Choose(_shape, _context);
        pooling.Prepare(_shape, x, _otherMaxima.Take(pooling.ScratchLength(_shape, _context.Workers.Count)), _context);
    }

    /// <summary>The layer's responses for some windows of the maps that were prepared.</summary>
    /// <param name="x">The maps.</param>
    /// <param name="first">First window.</param>
    /// <param name="count">Windows.</param>
    /// <param name="rows">[count] × <see cref="Output"/>; overwritten.</param>
    public void Run(ReadOnlySpan<float> x, int first, int count, Span<float> rows)
    {
        WindowPyramidKernel pooling = WindowPyramidKernels.Forward.Choose(_shape, _context);
        MapShape pooled = _shape.Output(count);
        Span<float> bins = _pooled.Take(pooled.Length);
        pooling.Pool(_shape, x, _otherMaxima.Slice(0, checked((int)pooling.ScratchLength(_shape, _context.Workers.Count))), first, count, bins, _context);
        LinearShape shape = new(pooled, _linear.Outputs);
        LinearForwardKernel kernel = LinearKernels.Forward.Choose(shape, _context);
        ConvolutionForwardOperands operands = new()
        {
            X = bins,
            W = _otherWeights.Slice(0, checked((int)_otherWeights.Length)),
            Bias = _linear.Bias is { } bias ? bias.Values : [],
            Y = rows,
            Scratch = _scratch.Take(kernel.ScratchLength(shape, _context.Workers.Count)),
        };
        kernel.Run(shape, operands, _context);
        for (int i = 0; i < count; i++)
        {
            AddShare(first + i, rows.Slice(i * Output.Pitch, Output.Pitch));
        }
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in (IDisposable[])[_tapWeights, _otherWeights, _maxima, _phases, _convolved, _pooled, _otherMaxima, _scratch])
        {
            buffer.Dispose();
        }
    }

    // A map whose windows fill tiles: whether there is a kernel at all.
    private static ConvolutionShape Whole(MapShape window, int taps, int outputs) => new(window with { H = taps + 1, W = taps + 1 }, outputs, Window.Square(taps));

    private ConvolutionShape Work(MapShape map) => new(
        map with { N = map.N * _apart * _apart, H = Phase(map.H), W = Phase(map.W) }, _linear.Outputs, Window.Square(_taps));

    // Pixels of the maxima that leave one remainder, at the most.
    private int Phase(int side) => side / _apart;

    // A row of a phase: every d-th pixel of a row of the maxima, zeros behind them.
    private void FillPhase(MapShape maxima, int row)
    {
        (int image, int h) = (row / _work.Input.H, row % _work.Input.H);
        int phase = image % (_apart * _apart), pitch = maxima.Pitch;
        int fromRow = (h * _apart) + (phase / _apart), column = phase % _apart;
        Span<float> to = _phases.Slice((long)row * _work.Input.W * pitch, _work.Input.W * pitch);
        int filled = fromRow < maxima.H ? (maxima.W - column + _apart - 1) / _apart : 0;
        if (filled > 0)
        {
            Span<float> from = _maxima.Slice((((long)image / (_apart * _apart) * maxima.H) + fromRow) * maxima.W * pitch, maxima.W * pitch);
            for (int w = 0; w < filled; w++)
            {
                from.Slice((column + (w * _apart)) * pitch, pitch).CopyTo(to[(w * pitch)..]);
            }
        }

        to[(filled * pitch)..].Clear();
    }

    private void AddShare(int window, Span<float> row)
    {
        (int image, int top, int left) = (window / (_shape.Down * _shape.Across), window / _shape.Across % _shape.Down, window % _shape.Across);
        int phase = (image * _apart * _apart) + (top % _apart * _apart) + (left % _apart);
        MapShape output = _work.Output;
        Span<float> share = _convolved.Slice(((((long)phase * output.H) + (top / _apart)) * output.W + (left / _apart)) * output.Pitch, output.Pitch);
        for (int k = 0; k < row.Length; k++)
        {
            row[k] += share[k];
        }
    }
}
