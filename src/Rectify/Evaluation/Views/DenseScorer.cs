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
    private const int RowsAtATime = 32;

    private readonly WindowedNetwork _cut;
    private readonly KernelContext _context;
    private readonly MeanImage _mean;
    private readonly ScoringBatch _batch;
    private Workspace? _body;
    private NativeBuffer _scratch = new(0);
    private float[] _meanValues = [];
    private (int Width, int Height) _meanSize;

    public DenseScorer(ViewMember member, KernelContext context, ViewOptions options)
    {
        (_cut, _context, _mean) = (new WindowedNetwork(member.Network), context, member.Mean);
        int windows = options.WindowsAtATime > 0 ? options.WindowsAtATime : Math.Clamp(PooledLength / _cut.HeadInput.ImageLength, LeastWindows, MostWindows);
        _batch = new ScoringBatch(_cut.Head, _cut.HeadInput, windows, context, member.Name);
    }

    public override void Check(IReadOnlyList<int> scales)
    {
        foreach (int scale in scales)
        {
            _cut.Check(scale);
        }
    }

    public override void Add(RgbImage picture, ScoreSum sum)
    {
        Workspace body = Bind(picture, sum);
        WriteInput(picture, body);
        _cut.Body.Forward(body);
        MapShape map = body.OutputShape;
        WindowPyramidShape shape = new(map, Math.Min(map.H, _cut.CropMap.H), Math.Min(map.W, _cut.CropMap.W), _cut.Levels);
        WindowPyramidKernel kernel = WindowPyramidKernels.Forward.Choose(shape, _context);
        Span<float> scratch = Scratch(kernel.ScratchLength(shape, _context.Workers.Count));
        kernel.Prepare(shape, body.Output, scratch, _context);
        sum.Expect(shape.Windows);
        for (int first = 0, count; first < shape.Windows; first += count)
        {
            count = Math.Min(_batch.Free, shape.Windows - first);
            kernel.Pool(shape, body.Output, scratch, first, count, _batch.Rows(count), _context);
            _batch.Add(sum, count);
        }
    }

    public override void Flush() => _batch.Flush();

    public override void Dispose()
    {
        _batch.Dispose();
        _body?.Dispose();
        _scratch.Dispose();
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

    private Span<float> Scratch(long length)
    {
        if (length > _scratch.Length)
        {
            _scratch.Dispose();
            _scratch = new NativeBuffer(length);
        }

        return _scratch.Slice(0, checked((int)length));
    }
}
