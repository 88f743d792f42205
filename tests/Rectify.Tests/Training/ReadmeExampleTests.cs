using Rectify.Data;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Training;

namespace Rectify.Tests.Training;

/// <summary>The program of the README, line by line; a second test compares the text.</summary>
public sealed class ReadmeExampleTests
{
    [Fact]
    public void Example_OfTheReadme_Trains()
    {
        // README
        IDataset train = new RenderedDataset(4000, 32, seed: 1), validation = new RenderedDataset(500, 32, seed: 2);
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = 32, Width = 0.25 });
        Initializer.Apply(network, InitializationOptions.Paper, seed: 1);
        MeanImage mean = MeanImage.Compute(train, size: 32, scale: 32);
        using Workers workers = new(Environment.ProcessorCount);
        using Trainer trainer = new(network, new KernelContext(workers), new TrainerOptions { Epochs = 1 });
        TrainingResult result = trainer.Run(train, validation, new PadCropFlip(32, mean), new CenterCrop(32, 32, mean));
        Console.WriteLine($"top-1 error {result.Validation!.Top1ErrorPercent:F1} %");
        // END

        Assert.Equal(500, result.Validation.Images);
        Assert.False(result.Interrupted);
        Assert.Equal(31, result.Position.TotalSteps);
    }

    [Fact]
    public void Readme_ShowsTheExample()
    {
        string[] source = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Rectify.Tests", "Training", "ReadmeExampleTests.cs"));
        int first = Array.FindIndex(source, line => line.Trim() == "// README");
        int last = Array.FindIndex(source, line => line.Trim() == "// END");
        string example = string.Join('\n', source[(first + 1)..last].Select(line => line.Trim()));
        Assert.Equal(8, last - first - 1);
        Assert.Contains($"```csharp\n{example}\n```", File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
