using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>One mini-batch: forward, loss, backward, micro-batch by micro-batch; then one momentum step.</summary>
internal sealed class TrainingStep : IDisposable
{
    // What the maps and gradients of a micro-batch may take if nobody says otherwise: a fixed number, so that the bits do not depend on the machine.
    private const long MapBudgetBytes = 1L << 30;

    private readonly Network _network;
    private readonly Plan _plan;
    private readonly MomentumOptimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly Workspace _workspace;
    private readonly double[] _losses;

    public TrainingStep(Network network, Plan plan, MomentumOptimizer optimizer, KernelContext context, TrainerOptions options, int crop)
    {
        (_network, _plan, _optimizer, _options) = (network, plan, optimizer, options);
        MapShape image = MapShape.Image(1, crop, crop, 3);
        MicroBatch = options.MicroBatch > 0 ? Math.Min(options.MicroBatch, options.BatchSize) : ChooseMicroBatch(network, image, options.BatchSize);
        _workspace = plan.CreateWorkspace(context, ExecutionMode.Training, image.WithBatch(MicroBatch));
        _losses = new double[MicroBatch];
    }

    /// <summary>Images that go through the network at a time.</summary>
    public int MicroBatch { get; }

    /// <summary>Memory of maps and gradients.</summary>
    public long Bytes => _workspace.Bytes;

    /// <summary>Learns a batch.</summary>
    /// <returns>Sum of the losses and number of top-1 errors, on the training crops.</returns>
    /// <exception cref="RectifyException">The loss is not a number; the weights are as before the step.</exception>
    public (double LossSum, int Errors) Run(Batch batch, double rate, TrainingPosition position)
    {
        double lossSum = 0.0;
        int errors = 0;
        _workspace.ClearGradients();
        for (int first = 0; first < batch.Count; first += MicroBatch)
        {
            int count = Math.Min(MicroBatch, batch.Count - first);
            _workspace.Bind(_workspace.InputShape.WithBatch(count));
            int image = _workspace.InputShape.ImageLength;
            batch.Pixels.AsSpan(first * image, count * image).CopyTo(_workspace.Input);
            _plan.Forward(_workspace, new TrainingMoment(_options.Seed, (uint)position.TotalSteps, first));
            ReadOnlySpan<int> labels = batch.Labels.AsSpan(first, count);
            SoftmaxCrossEntropy.Run(
                _workspace.OutputShape, _workspace.Output, labels, 1.0 / batch.Count, _losses, _workspace.OutputGradient, _workspace.Context);
            for (int i = 0; i < count; i++)
            {
                lossSum += _losses[i];
                errors += TopK.Rank(_workspace.Output.Slice(i * _workspace.OutputShape.Pitch, _workspace.OutputShape.C), labels[i]) > 0 ? 1 : 0;
            }

            if (!double.IsFinite(lossSum))
            {
                throw new RectifyException(
                    $"The loss is {lossSum} at step {position.TotalSteps + 1} (epoch {position.Epoch + 1}, seed {_options.Seed}, rate {rate:g}); "
                    + $"the weights of {_network.Name} were left as before the step. Try a lower --lr, or --init he-out.");
            }

            _plan.Backward(_workspace);
        }

        _optimizer.Update(_workspace, rate);
        return (lossSum, errors);
    }

    public void Dispose() => _workspace.Dispose();

    // Maps, their gradients and what is saved: three times the maps is close enough for a choice.
    private static int ChooseMicroBatch(Network network, MapShape image, int batch)
    {
        long bytes = network.Shapes(image).Sum(shape => 3L * sizeof(float) * shape.Length);
        long fit = Math.Clamp(MapBudgetBytes / bytes, 1, batch);
        long parts = (batch + fit - 1) / fit;
        return (int)((batch + parts - 1) / parts);
    }
}
