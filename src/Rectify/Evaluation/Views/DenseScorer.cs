using System.Diagnostics;
using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Scores every window of a photo's last map, and of its mirror image's: convolutional layers once, pooling with what windows share, fully connected layers in large
/// batches.</summary>
internal sealed class DenseScorer : ViewScorer
{
    // The photo and its mirror image.
    private const int Sides = 2;

    // 32 MB of pooled windows: they are read from the last-level cache while the weights come from memory.
    private const int PooledLength = 1 << 23;
    private const int LeastWindows = 32;
    private const int MostWindows = 2048;

    // Behind the first fully connected layer a window is small.
    private const int RestWindows = 512;
    private const int RowsAtATime = 32;

    private readonly WindowedNetwork _cut;
    private readonly KernelContext _context;
    private readonly MeanImage _mean;
    private readonly ScoringBatch _batch;

    // The first fully connected layer where it is faster over all windows at once, and what follows it.
    private readonly WindowedLinear? _first;
    private readonly ScoringBatch? _rest;
    private Workspace? _body;
    private readonly GrowingBuffer _scratch = new();
    private float[] _meanValues = [];
    private (int Width, int Height) _meanSize;
    private double _firstSeconds;

    public DenseScorer(ViewMember member, KernelContext context, ViewOptions options)
    {
        (_cut, _context, _mean) = (new WindowedNetwork(member.Network), context, member.Mean);
        int windows = options.WindowsAtATime > 0 ? options.WindowsAtATime : Math.Clamp(PooledLength / _cut.HeadInput.ImageLength, LeastWindows, MostWindows);
        _batch = new ScoringBatch(_cut.Head, _cut.HeadInput, windows, context, member.Name);
        _first = _cut.First is { } linear ? WindowedLinear.For(linear, _cut.CropMap, _cut.Levels, context) : null;
        _rest = _first is null ? null : new ScoringBatch(_cut.Rest!, _first.Output, options.WindowsAtATime > 0 ? options.WindowsAtATime : RestWindows, context, member.Name);
    }

    /// <summary>Where the time went so far.</summary>
    public DenseTimes Times { get; private set; } = new(0, 0, 0, 0, 0);

    public override void Check(IReadOnlyList<int> scales)
    {
        foreach (int scale in scales)
        {
            _cut.Check(scale);
        }
    }

    public override void Add(RgbImage picture, ScoreSum sum)
    {
        long started = Stopwatch.GetTimestamp();
        Workspace body = Bind(picture, sum);
        WriteInput(picture, body);
        long filled = Stopwatch.GetTimestamp();
        _cut.Body.Forward(body);
        long convolved = Stopwatch.GetTimestamp();
        double scoring = ScoringSeconds;
        MapShape map = body.OutputShape;
        WindowPyramidShape shape = new(map, Math.Min(map.H, _cut.CropMap.H), Math.Min(map.W, _cut.CropMap.W), _cut.Levels);
        sum.Expect(shape.Windows);
        if (_first is not null && _first.Pays(shape))
        {
            AddTogether(_first, _rest!, map, body.Output, shape.Windows, sum);
        }
        else
        {
            AddPooled(shape, body.Output, sum);
        }

        double pooling = Stopwatch.GetElapsedTime(convolved).TotalSeconds - (ScoringSeconds - scoring);
        Times = new DenseTimes(
            Times.Input + Stopwatch.GetElapsedTime(started, filled).TotalSeconds,
            Times.Convolution + Stopwatch.GetElapsedTime(filled, convolved).TotalSeconds,
            Times.Pooling + pooling,
            ScoringSeconds,
            Times.Windows + shape.Windows);
    }

    public override void Flush()
    {
        _batch.Flush();
        _rest?.Flush();
        Times = Times with { Scoring = ScoringSeconds };
    }

    public override void Dispose()
    {
        _batch.Dispose();
        _rest?.Dispose();
        _first?.Dispose();
        _body?.Dispose();
        _scratch.Dispose();
    }

    private double ScoringSeconds => _batch.Seconds + (_rest?.Seconds ?? 0) + _firstSeconds;

    private void AddPooled(in WindowPyramidShape shape, ReadOnlySpan<float> x, ScoreSum sum)
    {
        WindowPyramidKernel kernel = WindowPyramidKernels.Forward.Choose(shape, _context);
        Span<float> scratch = _scratch.Take(kernel.ScratchLength(shape, _context.Workers.Count));
        kernel.Prepare(shape, x, scratch, _context);
        for (int first = 0, count; first < shape.Windows; first += count)
        {
            count = Math.Min(_batch.Free, shape.Windows - first);
            kernel.Pool(shape, x, scratch, first, count, _batch.Rows(count), _context);
            _batch.Add(sum, count);
        }
    }

    private void AddTogether(WindowedLinear linear, ScoringBatch rest, MapShape map, ReadOnlySpan<float> x, int windows, ScoreSum sum)
    {
        long started = Stopwatch.GetTimestamp();
        linear.Prepare(map, x);
        _firstSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        for (int first = 0, count; first < windows; first += count)
        {
            count = Math.Min(rest.Free, windows - first);
            started = Stopwatch.GetTimestamp();
            linear.Run(x, first, count, rest.Rows(count));
            _firstSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            rest.Add(sum, count);
        }
    }

    private Workspace Bind(RgbImage picture, ScoreSum sum)
    {
        MapShape input = MapShape.Image(Sides, picture.Height, picture.Width, 3);
        try
        {
            if (_body is null)
            {
                _body = _cut.Body.CreateWorkspace(_context, ExecutionMode.Inference, input);
            }
            else
            {
                _body.Bind(input);
            }

            return _body;
        }
        catch (RectifyException e)
        {
            throw new RectifyException($"{sum.Picture}, which has {picture.Width}×{picture.Height} pixels at this scale, does not fit the memory ({e.Message.TrimEnd('.')}): "
                + "choose smaller --scales, or leave it out.", e);
        }
    }

    private void WriteInput(RgbImage picture, Workspace body)
    {
        (int width, int height) = (picture.Width, picture.Height);
        if (_meanSize != (width, height))
        {
            int length = 3 * width * height;
            _meanValues = _meanValues.Length < length ? new float[length] : _meanValues;
            MeanResize.Run(_mean, width, height, _meanValues);
            _meanSize = (width, height);
        }

        int bands = (height + RowsAtATime - 1) / RowsAtATime;
        ParallelLoop.Run(_context.Workers, Sides * bands, (item, _) =>
        {
            (int side, int top) = (item / bands, item % bands * RowsAtATime);
            int rows = Math.Min(RowsAtATime, height - top);
            int start = 3 * width * top, length = 3 * width * rows;
            Span<float> to = body.Input.Slice((side * 3 * width * height) + start, length);
            InputRows.Write(picture, 0, top, width, rows, side == 1, _meanValues.AsSpan(start, length), to);
        });
    }
}
