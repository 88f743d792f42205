using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Gathers what a plan scores, crops or pooled windows, of any pictures, until there is enough for a forward pass at full speed.</summary>
/// <remarks>A forward pass gives a view the same bits whatever else is in the batch.</remarks>
internal sealed class ScoringBatch : IDisposable
{
    // Rows whose probabilities are in memory at a time.
    private const int Block = 256;

    private readonly Plan _plan;
    private readonly KernelContext _context;
    private readonly MapShape _row;
    private readonly string _model;
    private readonly ScoreSum[] _owners;
    private readonly Workspace _workspace;
    private double[] _probabilities = [];
    private int _count;

    /// <summary>An empty batch.</summary>
    /// <param name="plan">From a row to the classes' logits.</param>
    /// <param name="row">One view's input.</param>
    /// <param name="capacity">Views in a forward pass.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="model">What to call the network.</param>
    public ScoringBatch(Plan plan, MapShape row, int capacity, KernelContext context, string model)
    {
        (_plan, _row, _context, _model) = (plan, row.WithBatch(1), context, model);
        _owners = new ScoreSum[capacity];
        _workspace = plan.CreateWorkspace(context, ExecutionMode.Inference, row.WithBatch(capacity));
    }

    /// <summary>Views that are still wanted for a full batch; at least one.</summary>
    public int Free => _owners.Length - _count;

    /// <summary>Where the next views go, at most <see cref="Free"/>.</summary>
    public Span<float> Rows(int views) => _workspace.Input.Slice(_count * _row.ImageLength, views * _row.ImageLength);

    /// <summary>Takes views that have been written; scores all if the batch is full.</summary>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite.</exception>
    public void Add(ScoreSum owner, int views)
    {
        _owners.AsSpan(_count, views).Fill(owner);
        _count += views;
        if (_count == _owners.Length)
        {
            Score();
        }
    }

    /// <summary>Scores what is there.</summary>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite.</exception>
    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }

        // Another number of images has its buffers in other places.
        float[] rows = _workspace.Input[..(_count * _row.ImageLength)].ToArray();
        _workspace.Bind(_row.WithBatch(_count));
        rows.CopyTo(_workspace.Input);
        Score();
        _workspace.Bind(_row.WithBatch(_owners.Length));
    }

    public void Dispose() => _workspace.Dispose();

    private void Score()
    {
        _plan.Forward(_workspace);
        MapShape logits = _workspace.OutputShape;
        ReadOnlySpan<float> output = _workspace.Output;
        Array.Resize(ref _probabilities, Math.Min(Block, _owners.Length) * logits.C);
        for (int first = 0; first < _count; first += Block)
        {
            int count = Math.Min(Block, _count - first);
            SoftmaxCrossEntropy.Probabilities(logits.WithBatch(count), output[(first * logits.Pitch)..], _probabilities, _context);
            for (int i = 0; i < count; i++)
            {
                ScoreSum owner = _owners[first + i];
                foreach (float logit in output.Slice((first + i) * logits.Pitch, logits.C))
                {
                    if (!float.IsFinite(logit))
                    {
                        throw ScoresNotFiniteException.Of(_model, owner.Picture);
                    }
                }

                owner.Add(_probabilities.AsSpan(i * logits.C, logits.C));
            }
        }

        _count = 0;
    }
}
