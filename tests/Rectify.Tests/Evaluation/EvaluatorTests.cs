using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private const int Size = 16;

    [Theory]
    [InlineData(new[] { 3f, 2f, 1f }, 0, 0)]
    [InlineData(new[] { 3f, 2f, 1f }, 2, 2)]
    [InlineData(new[] { 1f, 1f, 1f }, 0, 0)]
    [InlineData(new[] { 1f, 1f, 1f }, 2, 2)]
    [InlineData(new[] { 1f, float.NaN, 0f }, 0, 3)]
    [InlineData(new[] { float.PositiveInfinity, 1f, 0f }, 0, 3)]
    public void Rank_OfALabel_CountsThoseBeforeIt(float[] scores, int label, int rank) => Assert.Equal(rank, TopK.Rank(scores, label));

    [Fact]
    public void Run_AnyBatchSize_GivesTheSameNumbersToTheBit()
    {
        RenderedDataset data = new(61, Size, 3);
        using Workers workers = new(2);
        KernelContext context = new(workers, IsaDetection.Widest);
        using Network network = SmallNetwork();
        List<EvaluationResult> results = [];
        foreach (int batch in (int[])[1, 7, 61, 128])
        {
            using Evaluator evaluator = new(network, context, new EvaluatorOptions { BatchSize = batch, LoaderWorkers = 1 + (batch % 2) });
            results.Add(evaluator.Run(data, new CenterCrop(Size, Size, MeanImage.Zero(Size))) with { Seconds = 0 });
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.Equal(61, results[0].Images);
        Assert.InRange(results[0].Top1Errors, 1, 61);
        Assert.InRange(results[0].Top5Errors, 0, results[0].Top1Errors);
    }

    [Fact]
    public void Run_UnreadableImages_CountAsErrors()
    {
        using Workers workers = new(1);
        using Network network = SmallNetwork();
        using Evaluator evaluator = new(network, new KernelContext(workers, IsaDetection.Widest), new EvaluatorOptions { BatchSize = 4 });
        CenterCrop view = new(Size, Size, MeanImage.Zero(Size));
        RenderedDataset good = new(20, Size, 3);
        EvaluationResult whole = evaluator.Run(good, view);
        EvaluationResult holed = evaluator.Run(new Holed(good, i => i % 4 == 1), view);
        Assert.Equal((20, 5), (holed.Images, holed.Unreadable));
        Assert.InRange(holed.Top1Errors, 5, whole.Top1Errors + 5);
    }

    [Fact]
    public void Run_LastBatchUnreadable_CountsAsErrors()
    {
        using Workers workers = new(1);
        using Network network = SmallNetwork();
        using Evaluator evaluator = new(network, new KernelContext(workers, IsaDetection.Widest), new EvaluatorOptions { BatchSize = 4 });
        EvaluationResult result = evaluator.Run(new Holed(new RenderedDataset(10, Size, 3), i => i >= 8), new CenterCrop(Size, Size, MeanImage.Zero(Size)));
        Assert.Equal((10, 2), (result.Images, result.Unreadable));
        Assert.True(double.IsFinite(result.MeanLoss));
    }

    [Fact]
    public void Run_NoImageReadable_IsRefusedWithTheFirstReason()
    {
        using Workers workers = new(1);
        using Network network = SmallNetwork();
        using Evaluator evaluator = new(network, new KernelContext(workers, IsaDetection.Widest), new EvaluatorOptions { BatchSize = 4 });
        Holed data = new(new RenderedDataset(10, Size, 3), _ => true);
        string message = Assert.Throws<RectifyException>(() => evaluator.Run(data, new CenterCrop(Size, Size, MeanImage.Zero(Size)))).Message;
        Assert.StartsWith("None of the 10 images could be read; check the data set. The first: ", message, StringComparison.Ordinal);
        Assert.Contains(data.Name(0), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Run_ScoresThatAreNotFinite_NamesThePicture(float bad)
    {
        using Workers workers = new(1);
        using Network network = SmallNetwork();
        Bias bias = network.Parameters.OfType<Bias>().Last();
        bias.Values[3] = bad;
        using Evaluator evaluator = new(network, new KernelContext(workers, IsaDetection.Widest));
        RenderedDataset data = new(20, Size, 3);
        ScoresNotFiniteException e = Assert.Throws<ScoresNotFiniteException>(() => evaluator.Run(data, new CenterCrop(Size, Size, MeanImage.Zero(Size))));
        Assert.Equal(data.Name(0), e.File);
        Assert.Contains(data.Name(0), e.Message, StringComparison.Ordinal);
        Assert.Contains("--lr", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassMap_OtherOrder_MapsByName()
    {
        RenderedDataset data = new(20, Size, 3);
        string[] reversed = [.. data.Classes.Reverse()];
        IDataset mapped = ClassMap.Apply(data, reversed);
        for (int i = 0; i < data.Count; i++)
        {
            Assert.Equal(data.Classes[data.Label(i)], mapped.Classes[mapped.Label(i)]);
        }

        RectifyException e = Assert.Throws<RectifyException>(() => ClassMap.Apply(data, ["cat", "dog"]));
        Assert.Contains(data.Classes[0], e.Message, StringComparison.Ordinal);
    }

    private static Network SmallNetwork()
    {
        Network network = ModelBuilder.Build("small14", new ModelOptions { Classes = 10, Crop = Size, Width = 0.1 });
        Initializer.Apply(network, new InitializationOptions { PaperLinear = false }, 1);
        return network;
    }

    private sealed class Holed(IDataset data, Func<int, bool> broken) : IDataset
    {
        public int Count => data.Count;

        public IReadOnlyList<string> Classes => data.Classes;

        public int Label(int index) => data.Label(index);

        public string Name(int index) => data.Name(index);

        public RgbImage Read(int index, int shorterSide = 0) => broken(index) ? throw new RectifyException($"{Name(index)} is broken") : data.Read(index);
    }
}
