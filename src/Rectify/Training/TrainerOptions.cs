using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>How a network is trained. The defaults are the paper's where it states them (batch 128, momentum 0.9, decay 0.0005, rate 0.01 divided by 10).</summary>
public sealed record TrainerOptions
{
    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images of a mini-batch, in all.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Images that go through the network at a time; the gradient is that of the whole mini-batch. 0: as many as fit a fixed budget.</summary>
    public int MicroBatch { get; init; }

    /// <summary>ε of equation 4 at the start.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Epochs, counted from 1, after which the rate is divided by 10.</summary>
    public IReadOnlyList<int> LearningRateDrops { get; init; } = [];

    /// <summary>Divides the rate where the validation error has stopped falling; null for fixed epochs.</summary>
    public PlateauOptions? Plateau { get; init; }

    /// <summary>Names of layers and parameters that are not trained, with * and ?; see <see cref="FrozenParameters"/>.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>μ of equation 4.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>λ: the weight decay of weights; slopes never decay.</summary>
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>Whether biases decay too.</summary>
    public bool DecayBiases { get; init; }

    /// <summary>Seed of order, augmentation and dropout.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that read pictures.</summary>
    public int LoaderWorkers { get; init; } = 2;

    /// <summary>The rate in an epoch counted from 0, of a schedule of fixed epochs.</summary>
    public double RateIn(int epoch) => LearningRate / Math.Pow(10, LearningRateDrops.Count(drop => drop <= epoch));

    /// <summary>The rate of the next step.</summary>
    public double RateAt(TrainingPosition position) =>
        Plateau is null ? RateIn(position.Epoch) : LearningRate / Math.Pow(Plateau.Factor, position.Plateau.Drops);

    /// <summary>Checks all values.</summary>
    /// <exception cref="UsageException">One is out of range; the message names it and the remedy.</exception>
    public void Validate()
    {
        UsageException.Require(Epochs >= 1, $"--epochs {Epochs}: train for at least 1 epoch.");
        UsageException.Require(BatchSize >= 1, $"--batch {BatchSize}: a mini-batch has at least 1 image; the paper's has 128.");
        UsageException.Require(MicroBatch >= 0, $"--micro-batch {MicroBatch}: give a positive number, or 0 to have it chosen.");
        UsageException.Require(double.IsFinite(LearningRate) && LearningRate > 0, $"--lr {LearningRate}: the learning rate must be a positive number; the paper starts at 0.01.");
        UsageException.Require(double.IsFinite(Momentum) && Momentum is >= 0 and < 1, $"--momentum {Momentum}: it must be at least 0 and below 1; the paper's is 0.9.");
        UsageException.Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, $"--weight-decay {WeightDecay}: it must be 0 or more; the paper's is 0.0005.");
        UsageException.Require(LoaderWorkers is >= 1 and <= 1024, $"--workers {LoaderWorkers}: between 1 and 1024 threads may read pictures; 2 suffice on most machines.");
        UsageException.Require(LearningRateDrops.All(drop => drop >= 1), $"--lr-drop {string.Join(',', LearningRateDrops)}: epochs count from 1.");
        UsageException.Require(Freeze.All(name => !string.IsNullOrWhiteSpace(name)), $"--freeze: a name is empty; write layers with commas between them, e.g. conv1,conv2_*.");
        UsageException.Require(Plateau is null || LearningRateDrops.Count == 0, $"--lr-plateau and --lr-drop: the rate falls at a plateau or after fixed epochs; choose one.");
        Plateau?.Validate();
    }

    /// <summary>Checks that a plateau can be seen.</summary>
    /// <exception cref="UsageException">There is nothing to validate on, and the rate is to fall when the validation error plateaus.</exception>
    public void RequireValidation(bool exists) => UsageException.Require(
        exists || Plateau is null,
        $"--lr-plateau: without validation images no plateau can be seen; give some with --val, or fixed epochs with --lr-drop.");
}
