using Rectify.Data;
using Rectify.Formats;
using Rectify.Inference;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Tests.Inference;

/// <summary>Where a classifier's network may come from: a run, a file of weights, a network of one's own.</summary>
public sealed class ClassifierSourceTests
{
    private static readonly ClassifierOptions All = new() { Top = 10 };

    private static readonly WeightsOptions Tiny = new() { Model = "small14", Width = 0.1 };

    [Fact]
    public void LoadWeights_CheckpointOfARun_AnswersAsTheRunDoes()
    {
        using TinyRun run = new();
        IReadOnlyList<Prediction>[] alone = run.Alone();
        using Classifier named = Classifier.LoadWeights(
            run.CheckpointPath, Tiny with { Classes = RunFolder.Open(run.Path).Load().Recipe.Classes }, new TinyRun.IndexDecoder(), All);
        Assert.Equal(alone[3], named.Classify((byte[])[3]));
        Assert.Null(named.Checkpoint);

        // Without names the classes are their numbers, in the same order.
        using Classifier numbered = Classifier.LoadWeights(run.CheckpointPath, Tiny, new TinyRun.IndexDecoder(), All);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], numbered.Classes);
        Assert.Equal(
            alone[3].Select(p => (Array.IndexOf([.. named.Classes], p.Name), p.Probability)),
            numbered.Classify((byte[])[3]).Select(p => (int.Parse(p.Name), p.Probability)));
    }

    [Fact]
    public void LoadWeights_ForeignFile_NeedsAMeanAndTakesTheOneThatIsGiven()
    {
        using TinyRun run = new();
        string path = run.Folder.At("foreign.safetensors");
        using (TrainedNetwork trained = RunFolder.Open(run.Path).Load())
        {
            SafetensorsWriter writer = new();
            foreach (Parameter parameter in trained.Network.Parameters)
            {
                writer.Add(parameter.Name, parameter.Dimensions, file => parameter.ToFile(parameter.Values, file));
            }

            using FileStream stream = File.Create(path);
            writer.Write(stream);
        }

        Assert.Contains("give the Mean", Message(path, Tiny), StringComparison.Ordinal);
        using Classifier classifier = Classifier.LoadWeights(path, Tiny with { Mean = TinyRun.Mean }, new TinyRun.IndexDecoder(), All);
        Assert.Equal(run.Alone()[5].Select(p => p.Probability), classifier.Classify((byte[])[5]).Select(p => p.Probability));
        Assert.Contains("crops", Message(path, Tiny with { Mean = TinyRun.Mean, Crop = 32 }), StringComparison.Ordinal);
    }

    [Fact]
    public void LoadWeights_OfAnotherModel_NamesWhatDoesNotFit()
    {
        using TinyRun run = new();
        Assert.Contains("another model, width", Message(run.CheckpointPath, Tiny with { Width = 0.2 }), StringComparison.Ordinal);
        Assert.Contains("conv1.rectifier.slope", Message(run.CheckpointPath, Tiny with { Activation = ActivationKind.ReLU }), StringComparison.Ordinal);
        Assert.Contains("fc", Message(run.CheckpointPath, Tiny with { Classes = ["a", "b"] }), StringComparison.Ordinal);
        Assert.Contains("resnet", Message(run.CheckpointPath, Tiny with { Model = "resnet" }), StringComparison.Ordinal);
        Assert.Contains("its mean belongs to crops of 16×16", Message(run.CheckpointPath, Tiny with { Crop = 32 }), StringComparison.Ordinal);
        Assert.Contains("nowhere.safetensors", Message(run.Folder.At("nowhere.safetensors"), Tiny), StringComparison.Ordinal);
    }

    [Fact]
    public void FromNetwork_TrainedNetwork_AnswersAsTheRunDoes()
    {
        using TinyRun run = new();
        using TrainedNetwork trained = RunFolder.Open(run.Path).Load();
        SampleTransform view = new Preprocessing(TinyRun.Crop).Evaluation(trained.Mean);
        using (Classifier classifier = Classifier.FromNetwork(trained.Network, trained.Recipe.Classes, view, new TinyRun.IndexDecoder(), All))
        {
            Assert.Equal(run.Alone()[7], classifier.Classify(TinyRun.Picture(7)));
        }

        // The network is its owner's still.
        Assert.True(float.IsFinite(trained.Network.Parameters[0].Values[0]));
        string classes = Assert.Throws<RectifyException>(() => Classifier.FromNetwork(trained.Network, ["a"], view, new TinyRun.IndexDecoder())).Message;
        Assert.Contains("1 classes are named", classes, StringComparison.Ordinal);
        string size = Assert.Throws<RectifyException>(() => Classifier.FromNetwork(
            trained.Network, trained.Recipe.Classes, new CenterCrop(32, 32, MeanImage.Zero(32)), new TinyRun.IndexDecoder())).Message;
        Assert.Contains("16×16", size, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_RecipeOfAnotherNetwork_IsRefused()
    {
        using TinyRun run = new();
        using TrainedNetwork trained = RunFolder.Open(run.Path).Load();
        string message = Assert.Throws<RectifyException>(() =>
            RunFolder.Keep(run.Folder.At("other"), trained.Recipe with { Width = 0.2 }, trained.Network, trained.Mean)).Message;
        Assert.Contains("BuildNetwork", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Folder.At("other")));
    }

    private static string Message(string path, WeightsOptions weights) =>
        Assert.ThrowsAny<RectifyException>(() => Classifier.LoadWeights(path, weights, new TinyRun.IndexDecoder()).Dispose()).Message;
}
