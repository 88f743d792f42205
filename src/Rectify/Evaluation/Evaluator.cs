using System.Diagnostics;
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
    private readonly EvaluatorOptions _options;
    private readonly KernelContext _context;
    private readonly Plan _plan;
    private Workspace? _workspace;

    /// <summary>An evaluator.</summary>
    /// <param name="network">The network; its parameters are read at each run.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="options">How to run.</param>
    public Evaluator(Network network, KernelContext context, EvaluatorOptions? options = null)
    {
        (_plan, _context, _options) = (new Plan(network), context, options ?? new EvaluatorOptions());
    }

    /// <summary>Evaluates all images.</summary>
    /// <param name="data">Images and labels.</param>
    /// <param name="view">What the network sees of an image.</param>
    /// <param name="progress">Hears how many images are done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite; the message names the picture.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public EvaluationResult Run(IDataset data, SampleTransform view, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(view);
        long started = Stopwatch.GetTimestamp();
        int batchSize = Math.Min(_options.BatchSize, data.Count);
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = batchSize, Workers = _options.LoaderWorkers });
        Workspace workspace = WorkspaceFor(MapShape.Image(batchSize, view.Size, view.Size, 3));
        double[] losses = new double[batchSize];
        double lossSum = 0.0;
        ErrorCounter errors = new();
        foreach (Batch batch in loader.Epoch(0, 0, cancellation))
        {
            for (int i = 0; i < batch.Failed.Length; i++)
            {
                errors.AddUnreadable();
            }

            if (batch.Count > 0)
            {
                workspace.Bind(workspace.InputShape.WithBatch(batch.Count));
                batch.Pixels.AsSpan(0, workspace.Input.Length).CopyTo(workspace.Input);
                _plan.Forward(workspace);
                SoftmaxCrossEntropy.Run(workspace.OutputShape, workspace.Output, batch.Labels, 1.0, losses, [], _context);
                Count(workspace, batch, data, errors);
                for (int i = 0; i < batch.Count; i++)
                {
                    lossSum += losses[i];
                }
            }

            progress?.Invoke(errors.Counts.Images);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        ErrorCounts counts = errors.Counts;
        int read = counts.Images - counts.Unreadable;
        return new EvaluationResult(counts.Images, counts.Top1Errors, counts.Top5Errors, read > 0 ? lossSum / read : double.NaN, counts.Unreadable, seconds);
    }

    /// <summary>Frees the workspace.</summary>
    public void Dispose() => _workspace?.Dispose();

    private void Count(Workspace workspace, Batch batch, IDataset data, ErrorCounter errors)
    {
        MapShape logits = workspace.OutputShape;
        float[] probabilities = new float[logits.N * logits.C];
        SoftmaxCrossEntropy.Probabilities(logits, workspace.Output, probabilities);
        for (int i = 0; i < batch.Count; i++)
        {
            foreach (float logit in workspace.Output.Slice(i * logits.Pitch, logits.C))
            {
                if (!float.IsFinite(logit))
                {
                    throw ScoresNotFiniteException.Of(_plan.Network.Name, data.Name(batch.Indices[i]));
                }
            }

            errors.Add(probabilities.AsSpan(i * logits.C, logits.C), batch.Labels[i]);
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
}
