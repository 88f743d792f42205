using System.Diagnostics;
using Rectify.Communication;
using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Counts a network's errors on a data set: one view an image.</summary>
/// <remarks>Keeps its workspace from one run to the next. One run at a time.</remarks>
public sealed class Evaluator : IDisposable
{
    private const int Unreadable = -1;
    private const int NotFinite = -2;

    private readonly EvaluatorOptions _options;
    private readonly KernelContext _context;
    private readonly Communicator _communicator;
    private readonly Plan _plan;
    private Workspace? _workspace;

    /// <summary>An evaluator.</summary>
    /// <param name="network">The network; its parameters are read at each run.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="options">How to run.</param>
    /// <param name="communicator">The processes that evaluate together, each its share of the images; null for this one alone. No number depends on how many there are.</param>
    public Evaluator(Network network, KernelContext context, EvaluatorOptions? options = null, Communicator? communicator = null)
    {
        (_plan, _context, _options, _communicator) = (new Plan(network), context, options ?? new EvaluatorOptions(), communicator ?? Alone.Instance);
    }

    /// <summary>Evaluates all images.</summary>
    /// <param name="data">Images and labels.</param>
    /// <param name="view">What the network sees of an image.</param>
    /// <param name="progress">Hears how many images are done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RectifyException">No image could be read.</exception>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite; the message names the picture.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public EvaluationResult Run(IDataset data, SampleTransform view, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(view);
        long started = Stopwatch.GetTimestamp();
        Outcome[] outcomes = new Outcome[data.Count];
        string? failure = null;
        Share own = Share.Of(data.Count, _communicator.Rank, _communicator.Size);
        if (own.Count > 0)
        {
            IDataset part = _communicator.IsShared ? new SubsetDataset(data, [.. Enumerable.Range(own.Begin, own.Count)]) : data;
            failure = Run(part, view, outcomes.AsSpan(own.Begin, own.Count), done => progress?.Invoke((int)((long)done * data.Count / own.Count)), cancellation);
        }

        _communicator.GatherShares<Outcome>(outcomes);
        double lossSum = 0.0;
        ErrorCounter errors = new();
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Place == Unreadable)
            {
                errors.AddUnreadable();
                continue;
            }

            if (outcomes[i].Place == NotFinite)
            {
                throw ScoresNotFiniteException.Of(_plan.Network.Name, data.Name(i));
            }

            errors.Add(outcomes[i].Place);
            lossSum += outcomes[i].Loss;
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        ErrorCounts counts = errors.Counts;
        int read = counts.Images - counts.Unreadable;
        if (read == 0 && counts.Images > 0)
        {
            throw new RectifyException($"None of the {counts.Images} images could be read; check the data set.{(failure is null ? "" : $" The first: {failure}")}");
        }

        return new EvaluationResult(counts.Images, counts.Top1Errors, counts.Top5Errors, read > 0 ? lossSum / read : double.NaN, counts.Unreadable, seconds);
    }

    /// <summary>Frees the workspace.</summary>
    public void Dispose() => _workspace?.Dispose();

    // Why the first of these images could not be read; null where none failed.
    private string? Run(IDataset data, SampleTransform view, Span<Outcome> outcomes, Action<int> progress, CancellationToken cancellation)
    {
        outcomes.Fill(new Outcome(Unreadable, 0));
        int batchSize = Math.Min(_options.BatchSize, data.Count);
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = batchSize, Workers = _options.LoaderWorkers, KeepFailedBatches = true });
        Workspace workspace = WorkspaceFor(MapShape.Image(batchSize, view.Size, view.Size, 3));
        double[] losses = new double[batchSize];
        int done = 0;
        foreach (Batch batch in loader.Epoch(0, 0, cancellation))
        {
            if (batch.Count > 0)
            {
                workspace.Bind(workspace.InputShape.WithBatch(batch.Count));
                batch.Pixels.AsSpan(0, workspace.Input.Length).CopyTo(workspace.Input);
                _plan.Forward(workspace);
                SoftmaxCrossEntropy.Run(workspace.OutputShape, workspace.Output, batch.Labels, 1.0, losses, [], _context);
                Note(workspace, batch, losses, outcomes);
            }

            progress(done += batch.Count + batch.Failed.Length);
        }

        return loader.Failures is [var first, ..] ? first.Reason : null;
    }

    private static void Note(Workspace workspace, Batch batch, double[] losses, Span<Outcome> outcomes)
    {
        MapShape logits = workspace.OutputShape;
        float[] probabilities = new float[logits.N * logits.C];
        SoftmaxCrossEntropy.Probabilities(logits, workspace.Output, probabilities);
        for (int i = 0; i < batch.Count; i++)
        {
            bool finite = true;
            foreach (float logit in workspace.Output.Slice(i * logits.Pitch, logits.C))
            {
                finite &= float.IsFinite(logit);
            }

            int place = finite ? TopK.Rank(probabilities.AsSpan(i * logits.C, logits.C), batch.Labels[i]) : NotFinite;
            outcomes[batch.Indices[i]] = new Outcome(place, losses[i]);
        }
    }

    private Workspace WorkspaceFor(MapShape input)
    {
        if (_workspace is null)
        {
            _workspace = _plan.CreateWorkspace(_context, ExecutionMode.Inference, input);
        }
        else
        {
            _workspace.Bind(input);
        }

        return _workspace;
    }

    // What became of an image: the place of its class among all answers, 0 the first, or why there is none.
    private readonly record struct Outcome(int Place, double Loss);
}
