using Rectify.Communication;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Execution;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Tests.Execution;
using Rectify.Training;

namespace Rectify.Tests.Training;

[Collection(CountedMemory.Name)]
public sealed class TrainingStepTests
{
    private const int Size = 16;

    // Micro-batches of 3, 3 and 1: the last is laid out otherwise; and all of one size.
    [Theory]
    [InlineData(7, 3)]
    [InlineData(6, 3)]
    [InlineData(7, 7)]
    public void Run_Steady_AllocatesNothing(int batchSize, int microBatch)
    {
        TrainerOptions options = new() { BatchSize = batchSize, MicroBatch = microBatch, LearningRate = 1e-5 };
        RenderedDataset data = new(batchSize, Size, 3);
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = Size, Width = 0.1 });
        Initializer.Apply(network, new InitializationOptions { PaperLinear = false }, 1);
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        using MomentumOptimizer optimizer = new(network, options);

        // Some gradients are kept as factors.
        Assert.True(new Plan(network).GradientBytes(context, batchSize) < new Plan(network).GradientBytes(context, 0));
        using TrainingStep step = new(network, new Plan(network), optimizer, context, options, data, Size, Alone.Instance)
        {
            Monitor = new DecayMonitor(network, options.WeightDecay, every: 1),
        };
        CenterCrop view = new(Size, Size, MeanImage.Zero(Size));
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = batchSize, Workers = 1 });
        long native = 0, allocated = -1;
        foreach (Batch batch in loader.Epoch(0, 0, CancellationToken.None))
        {
            step.Run(batch, options.LearningRate, TrainingPosition.Start);
            native = NativeBuffer.LiveBytes;
            allocated = AllocatedBytes.Least(() => step.Run(batch, options.LearningRate, TrainingPosition.Start), warmUps: 30);
            native -= NativeBuffer.LiveBytes;
        }

        Assert.Equal((0, 0), (allocated, native));
    }
}
