using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Diagnostics;

public sealed class DiagnosisTests
{
    [Theory]
    [InlineData("small30", "xavier", 32, 0.5, Verdict.Vanishing)]
    [InlineData("small30", "he-out", 32, 0.5, Verdict.Healthy)]
    [InlineData("b", "xavier", 64, 0.25, Verdict.Slow)]
    [InlineData("b", "he-out", 64, 0.25, Verdict.Healthy)]
    [InlineData("vgg-b", "fixed:0.01", 64, 0.5, Verdict.Vanishing)]
    public void Of_NetsOfThePaper_IsWhatThePaperFound(string model, string rule, int size, double width, Verdict expected)
    {
        // Figure 3: 30 layers stall with Xavier and converge with He; Figure 2: 22 layers converge with both, later with Xavier. Section 2.2: 0.01 in VGG's model B.
        Diagnosis diagnosis = Diagnose(model, rule, ActivationKind.ReLU, size, width);
        Assert.True(diagnosis.Verdict == expected, $"{diagnosis.Sentence} ({diagnosis.Evidence})");
        Assert.True(diagnosis.Evidence.BackwardGain < 1);
        if (expected == Verdict.Vanishing)
        {
            Assert.StartsWith("stalls: the gradient reaching conv1", diagnosis.Sentence, StringComparison.Ordinal);
            Assert.Equal("use --init he-out", diagnosis.Advice);
        }
    }

    [Fact]
    public void Of_StdFarTooLarge_Explodes()
    {
        Diagnosis diagnosis = Diagnose("small30", "fixed:0.2", ActivationKind.ReLU, 32, 0.25);
        Assert.Equal(Verdict.Exploding, diagnosis.Verdict);
        Assert.Equal("use --init he-out", diagnosis.Advice);
    }

    [Theory]
    [InlineData(ActivationKind.ReLU, true)]
    [InlineData(ActivationKind.PReLU, false)]
    public void Of_LayerThatNothingBringsAboveZero_IsDeadWithReLUOnly(ActivationKind rectifier, bool dead)
    {
        Diagnosis diagnosis = Diagnose("small14", "he-out", rectifier, 32, 0.25, network =>
        {
            Convolution layer = network.Layers.OfType<Convolution>().ElementAt(4);
            layer.Bias!.Values[..layer.Bias.Dimensions[0]].Fill(-2000f);
        });
        Assert.True(diagnosis.Verdict == Verdict.Dead == dead, $"{diagnosis.Sentence} ({diagnosis.Evidence})");
        if (dead)
        {
            Assert.Contains(diagnosis.Layers[4].Name, diagnosis.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_OneClassAlone_SaysSo()
    {
        using Network network = ModelBuilder.Build("small14", new ModelOptions { Classes = 2, Crop = 16, Width = 0.1 });
        Initializer.Apply(network, InitializationOptions.Paper, 1);
        using Workers workers = new(1);
        UsageException e = Assert.Throws<UsageException>(() => Diagnosis.Of(
            network, new KernelContext(workers, IsaDetection.Widest), MapShape.Image(2, 16, 16, 3), new float[2 * 16 * 16 * 3], [1, 1], new DiagnosisOptions()));
        Assert.Contains("all of one class", e.Message, StringComparison.Ordinal);
    }

    private static Diagnosis Diagnose(string model, string rule, ActivationKind rectifier, int size, double width, Action<Network>? change = null)
    {
        const int Images = 32;
        using Network network = ModelBuilder.Build(model, new ModelOptions { Classes = 10, Crop = size, Width = width, Activation = rectifier });
        InitializationOptions options = new() { Scheme = InitializationScheme.Parse(rule) };
        Initializer.Apply(network, options, 3);
        change?.Invoke(network);
        RenderedDataset data = new(Images, size, 8);
        CenterCrop view = new(size, size, MeanImage.Compute(data, size, size));
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = Images });
        Batch batch = loader.Epoch(0).First();
        using Workers workers = new(2);
        return Diagnosis.Of(
            network,
            new KernelContext(workers, IsaDetection.Widest),
            MapShape.Image(Images, size, size, 3),
            batch.Pixels,
            batch.Labels,
            new DiagnosisOptions { Scheme = options.Scheme });
    }
}
