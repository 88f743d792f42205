using Rectify.Data;
using Rectify.Imaging;
using Rectify.Inference;
using Rectify.Kernels.Simd;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Inference;

/// <summary>Asking allocates the answer and nothing else, however large the picture.</summary>
public sealed class ClassifierAllocationTests
{
    private static readonly long Answer = AllocatedBytes.Least(() => GC.KeepAlive(new Prediction[5]));

    [Fact]
    public void Classify_DecodedPicture_AllocatesTheAnswerAlone()
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load();
        RgbImage picture = TinyRun.Picture(3);
        Assert.Equal(Answer, AllocatedBytes.Least(() => classifier.Classify(picture)));
    }

    [Theory]
    [InlineData(40, 30)]
    [InlineData(900, 700)]
    public void Classify_EncodedPicture_AllocatesNoPixels(int width, int height)
    {
        Assert.SkipUnless(SpngDecoder.IsAvailable, "libspng is not installed: eng/setup.sh");
        using TinyRun run = new();
        using Classifier classifier = Classifier.Load(run.Path);
        byte[] file = TestPictures.Png(width, height, 1);

        // Beside the answer a picture's few fields, but not its pixels.
        Assert.InRange(AllocatedBytes.Least(() => classifier.Classify(file)), Answer, Answer + 200);
    }

    [Fact]
    public void Classify_SmallJpeg_AllocatesNoPixels()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable, "libjpeg-turbo is not installed: eng/setup.sh");
        using TinyRun run = new();
        using Classifier classifier = Classifier.Load(run.Path);
        byte[] file = TestPictures.Jpeg(1);
        Assert.InRange(AllocatedBytes.Least(() => classifier.Classify(file)), Answer, Answer + 200);
    }

    [Fact]
    public void Run_ABatch_AllocatesNothing()
    {
        using TinyRun run = new();
        using TrainedNetwork trained = RunFolder.Open(run.Path).Load();
        using NetworkRunner runner = new(trained.Network, IsaDetection.Widest, exact: false, threads: 1);
        InferenceRequest[] batch = [.. Enumerable.Range(0, 3).Select(_ => new InferenceRequest(3 * TinyRun.Crop * TinyRun.Crop, 10))];
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            foreach (InferenceRequest request in batch)
            {
                request.Reset();
            }

            runner.Run(batch);
        }));
        Assert.All(batch, request => Assert.True(request.HasEnded));
    }
}
