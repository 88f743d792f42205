// Trains a network on a folder of class folders and keeps it as a run:  TrainFolder PHOTOS RUN [EPOCHS]
using System.Globalization;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: TrainFolder PHOTOS RUN [EPOCHS]");
    return 2;
}

try
{
    // A tenth of each class is held out to measure the error.
    using PhotoDecoder decoder = new();
    (SubsetDataset training, SubsetDataset validation) = ValidationSplit.Create(ImageFolder.Open(args[0], decoder));

    // What the network is and how it learns, in one record that the run keeps.
    Recipe recipe = new()
    {
        Model = "small14",
        Width = 0.25,
        Size = 32,
        Classes = training.Classes,
        Training = new TrainerOptions
        {
            Epochs = args.Length == 3 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 10,
            BatchSize = Math.Min(32, training.Count),
            LearningRate = 0.003,
        },
    };
    using Workers workers = new(Environment.ProcessorCount);
    using Network network = recipe.BuildNetwork();
    Initializer.Apply(network, recipe.BuildInitialization(), recipe.Training.Seed, workers);

    // From a photo to the network's input: resized, cropped, minus the mean of the training photos.
    Preprocessing preprocessing = new(recipe.Size);
    MeanImage mean = MeanImage.Compute(training, recipe.Size, preprocessing.EvaluationScale, workers: workers);

    using Trainer trainer = new(network, new KernelContext(workers), recipe.Training);
    TrainingResult result = trainer.Run(training, validation, preprocessing.Training(mean), preprocessing.Evaluation(mean), new EpochPrinter());
    RunFolder run = RunFolder.Keep(args[1], recipe, network, mean, result.Position);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"top-1 error {result.Validation!.Top1ErrorPercent:F1} % on {result.Validation.Images} photos that it was not trained on; kept in {run.FullPath}"));
    return 0;
}
catch (RectifyException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

/// <summary>A line an epoch.</summary>
internal sealed class EpochPrinter : ITrainingObserver
{
    public void EpochDone(EpochReport report) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"epoch {report.Epoch}: loss {report.Last.EpochLoss:F3}, validation error {report.Validation?.Top1ErrorPercent:F1} %"));
}
