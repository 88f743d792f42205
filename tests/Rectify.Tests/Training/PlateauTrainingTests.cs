using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class PlateauTrainingTests
{
    // No error falls by 100 points: the first epoch is the best for good, and each second one after it drops.
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 7,
        BatchSize = 16,
        Seed = 5,
        Plateau = new PlateauOptions { Patience = 2, LeastGain = 100 },
    };

    [Fact]
    public void Run_ErrorThatStays_DropsTheRateTwiceAndSaysSo()
    {
        using SmallTraining session = new(Options);
        SmallTraining.Listener heard = new();
        session.Run(heard);
        double[] rates = [.. heard.Rates.Chunk(3).Select(epoch => Math.Round(epoch.Distinct().Single(), 12))];
        Assert.Equal([1e-5, 1e-5, 1e-5, 1e-6, 1e-6, 1e-7, 1e-7], rates);
        Assert.Equal([3, 5], heard.Epochs.Where(report => report.RateDrop is not null).Select(report => report.Epoch));
        RateDrop drop = heard.Epochs[2].RateDrop!;
        Assert.Equal((1e-5, 2, 100.0), (Math.Round(drop.From, 12), drop.Epochs, drop.LeastGain));
        Assert.Equal(heard.Epochs[0].Validation!.Top1ErrorPercent, drop.BestTop1ErrorPercent);
        Assert.Contains("by 100 points for 2 epochs: rate 1e-05 → 1e-06", drop.ToString(), StringComparison.Ordinal);
    }

    // Stopped in the epoch before the first drop, in the one after it, and right after a drop was decided.
    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(11)]
    public void Run_InterruptedAndResumed_EndsInTheSameBits(int stop)
    {
        using TemporaryFolder folder = new();
        using SmallTraining whole = new(Options);
        whole.Run();
        string path = folder.At("half.safetensors");
        using (SmallTraining session = new(Options, threads: 2))
        using (CancellationTokenSource cancel = new())
        {
            Assert.True(session.Run(new SmallTraining.Listener(stop, cancel), cancellation: cancel.Token).Interrupted);
            string weights = Checkpoint.SaveWeights(path, session.Network, session.Mean, session.Trainer.Position);
            Checkpoint.SaveState(path + ".state", session.Network, session.Trainer.Optimizer, session.Trainer.Position, weights);
        }

        using SmallTraining again = new(Options);
        Checkpoint.LoadWeights(path, again.Network);
        again.Trainer.Position = Checkpoint.LoadState(path + ".state", again.Network, again.Trainer.Optimizer);
        Assert.NotNull(again.Trainer.Position.Plateau.BestErrors);
        again.Run();
        Assert.Equal(whole.Trainer.Position, again.Trainer.Position);
        Assert.True(whole.Bytes(folder).AsSpan().SequenceEqual(again.Bytes(folder)));
    }

    [Fact]
    public void Run_WithoutValidation_SaysSo()
    {
        using SmallTraining session = new(Options);
        Assert.Contains("--val", Assert.Throws<UsageException>(() => session.Run(validate: false)).Message, StringComparison.Ordinal);
    }
}
