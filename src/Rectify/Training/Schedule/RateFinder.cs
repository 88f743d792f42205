using Rectify.Communication;
using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Layers;

namespace Rectify.Training;

/// <summary>Finds a learning rate: trains while the rate grows exponentially, and looks at the loss. The network's weights are not to be kept.</summary>
/// <param name="network">The network, initialized as for training.</param>
/// <param name="context">Threads and vector width.</param>
/// <param name="training">How it is to be trained; rate, schedule and epochs do not matter.</param>
public sealed class RateFinder(Network network, KernelContext context, TrainerOptions training)
{
    /// <summary>The first rate.</summary>
    public const double Least = 1e-6;

    /// <summary>The last rate.</summary>
    public const double Most = 1.0;

    // A factor of 10 in 25 steps.
    private const int DefaultSteps = 151;

    // The running mean reaches back over some ten steps.
    private const double Forgetting = 0.1;

    // The smoothed loss against its minimum, as in fast.ai's finder.
    private const double RanAwayFactor = 4.0;

    /// <summary>Steps at most.</summary>
    public int Steps { get; init; } = DefaultSteps;

    /// <summary>Sweeps the rate.</summary>
    /// <param name="data">Training images; where they make fewer mini-batches than there are steps, they come again in another order.</param>
    /// <param name="crops">What training sees of an image.</param>
    /// <param name="observer">Hears of each step; null for nobody.</param>
    /// <param name="cancellation">Stops the sweep after the step at hand.</param>
    public RateSweep Run(IDataset data, SampleTransform crops, Action<RatePoint>? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(crops);
        using MomentumOptimizer optimizer = new(network, training);
        using BatchLoader loader = new(data, crops, new LoaderOptions
        {
            BatchSize = training.BatchSize,
            Seed = training.Seed,
            Workers = training.LoaderWorkers,
            Shuffle = true,
            DropLast = true,
        });
        using TrainingStep step = new(network, new Plan(network, Range.All, fuse: true, optimizer.Frozen), optimizer, context, training, data, crops.Size, Alone.Instance);
        List<RatePoint> points = [];
        try
        {
            for (int epoch = 0; points.Count < Steps; epoch++)
            {
                foreach (Batch batch in loader.Epoch(epoch, cancellation: cancellation))
                {
                    if (batch.Count > 0)
                    {
                        points.Add(Learn(step, batch, points));
                        observer?.Invoke(points[^1]);
                    }

                    if (points.Count == Steps || IsRunningAway(points))
                    {
                        return new RateSweep(points, points.Count < Steps);
                    }
                }
            }
        }
        catch (TrainingDivergedException)
        {
            return new RateSweep(points, RanAway: true);
        }

        return new RateSweep(points, RanAway: false);
    }

    private RatePoint Learn(TrainingStep step, Batch batch, List<RatePoint> before)
    {
        double rate = Least * Math.Pow(Most / Least, before.Count / (double)(Steps - 1));
        TrainingPosition position = TrainingPosition.Start with { Step = before.Count, TotalSteps = before.Count };
        double loss = step.Run(batch, rate, position).LossSum / batch.Count;

        // As many as there were at first, then the last ten or so.
        double weight = Math.Max(Forgetting, 1.0 / (before.Count + 1));
        double smoothed = before.Count == 0 ? loss : before[^1].Smoothed + (weight * (loss - before[^1].Smoothed));
        return new RatePoint(rate, loss, smoothed);
    }

    private static bool IsRunningAway(List<RatePoint> points) => points.Count > 0 && points[^1].Smoothed > RanAwayFactor * points.Min(point => point.Smoothed);
}
