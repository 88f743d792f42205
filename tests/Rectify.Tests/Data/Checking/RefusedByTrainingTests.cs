using System.Text;
using Rectify.Data;
using Rectify.Data.Checking;
using Rectify.Imaging;
using Rectify.Tensors;

namespace Rectify.Tests.Data.Checking;

/// <summary>What training refuses of a data set, and what it leaves out, a check names before.</summary>
public sealed class RefusedByTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhotoDecoder _decoder;

    public RefusedByTrainingTests()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable && SpngDecoder.IsAvailable, "libturbojpeg or libspng is not installed: eng/setup.sh");
        _decoder = new PhotoDecoder();
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_ClassOfASinglePictureWithoutValidation_IsAnError()
    {
        _ = _folder.Add("set/a/1.png", Picture(1)).Add("set/b/1.png", Picture(2)).Add("set/b/2.png", Picture(3)).Add("val/a/1.png", Picture(4)).Add("val/b/1.png", Picture(5));
        string refusal = Assert.Throws<RectifyException>(() => ValidationSplit.Create(Open("set"))).Message;
        Assert.Contains("the class \"a\" has a single picture", refusal, StringComparison.Ordinal);
        Finding finding = Assert.Single(Check("set").Findings);
        Assert.Equal((FindingKind.UndividableClass, FindingSeverity.Error, "has one picture of \"a\""), (finding.Kind, finding.Severity, finding.Detail));

        // With pictures for validation nothing is divided.
        finding = Assert.Single(Check("set", "val").Findings);
        Assert.Equal((FindingKind.SinglePicture, FindingSeverity.Warning), (finding.Kind, finding.Severity));
    }

    [Fact]
    public void Run_TrainingPartAlone_IsDividedToo()
    {
        _ = _folder.Add("set/train/a/1.png", Picture(1)).Add("set/train/b/1.png", Picture(2)).Add("set/train/b/2.png", Picture(3));
        Assert.Equal(FindingKind.UndividableClass, Assert.Single(Check("set").Findings).Kind);
        _ = _folder.Add("set/test/a/1.png", Picture(4)).Add("set/test/b/1.png", Picture(5));
        Assert.Equal(FindingKind.SinglePicture, Assert.Single(Check("set").Findings).Kind);
    }

    [Fact]
    public void Run_CifarNameWithoutARecord_IsAnErrorInTheTrainingPart()
    {
        string[] names = ["zebra", "ant", "bee", "cow", "dog", "eel", "fly", "gnu", "hen", "ibis"];
        byte[] Records(IEnumerable<int> labels, int variant) => [.. labels.SelectMany(label => Record(label, variant)), .. labels.SelectMany(label => Record(label, variant + 1))];
        _ = _folder.Add("c/batches.meta.txt", Encoding.UTF8.GetBytes(string.Join('\n', names)));
        _ = _folder.Add("c/data_batch_1.bin", Records(Enumerable.Range(0, 10).Where(label => label != 4), 1)).Add("c/test_batch.bin", Records(Enumerable.Range(0, 10), 3));
        using CifarDataset training = (CifarDataset)DatasetLayout.Find(_folder.At("c")).Open(DatasetPart.Training, _decoder);
        Assert.Contains("The class 'dog' has no picture", Assert.Throws<RectifyException>(() => ReadableClasses.Check(training)).Message, StringComparison.Ordinal);
        Finding finding = Assert.Single(Check("c").Findings);
        Assert.Equal((FindingKind.EmptyClass, FindingSeverity.Error, "has no picture of \"dog\""), (finding.Kind, finding.Severity, finding.Detail));
    }

    [Fact]
    public void Run_ClassOfWhichNothingCanBeRead_IsAnError()
    {
        _ = _folder.Add("set/a/1.png", Picture(1)[..40]).Add("set/a/2.png", Picture(2)[..40]).Add("set/b/1.png", Picture(3)).Add("set/b/2.png", Picture(4));
        Assert.Contains("The class 'a' has no picture", Assert.Throws<RectifyException>(() => ReadableClasses.Check(Open("set"))).Message, StringComparison.Ordinal);
        Finding finding = Check("set").Findings.Single(f => f.Kind == FindingKind.UnreadableClass);
        Assert.Equal((FindingSeverity.Error, "has no picture of \"a\" that can be read"), (finding.Severity, finding.Detail));
    }

    [Theory]
    [InlineData(31_250, false)]
    [InlineData(31_251, true)]
    public void Run_PictureTooNarrowToBeResized_IsAnErrorWhereTrainingLeavesItOut(int height, bool refused)
    {
        // 32 · 31,250 is a million.
        _ = _folder.Add("set/a/1.png", TestPictures.Png(1, height, 1)).Add("set/a/2.png", Picture(2)).Add("set/b/1.png", Picture(3)).Add("set/b/2.png", Picture(4));
        Preprocessing preprocessing = new(32);
        SampleTransform crops = preprocessing.Training(MeanImage.Zero(32));
        RgbImage image = Open("set").Read(0, crops.ShorterSide);
        RandomStream random = default;
        Exception? exception = Xunit.Record.Exception(() => crops.Apply(image, ref random, new float[crops.Length]));
        Assert.Equal(refused, exception is RectifyException);
        Finding finding = Check("set", size: 32).Findings.Single(f => f.File == Path.Combine(_folder.At("set"), "a", "1.png"));
        Assert.Equal(refused ? FindingKind.TooNarrow : FindingKind.ImplausibleSize, finding.Kind);
        Assert.Equal(refused ? FindingSeverity.Error : FindingSeverity.Warning, finding.Severity);
    }

    private static byte[] Record(int label, int variant) => [(byte)label, .. Enumerable.Range(0, 3072).Select(i => (byte)((variant * 31) + (label * 7) + (i % 61)))];

    private static byte[] Picture(int variant) => TestPictures.Png(12, 10, variant);

    private IDataset Open(string path) => ImageFolder.Open(_folder.At(path), _decoder);

    private DatasetCheckReport Check(string path, string? validation = null, int size = 8) => DatasetCheck.Run(
        _folder.At(path), validation is null ? null : _folder.At(validation), _decoder, new DatasetCheckOptions { Crop = size, Threads = 2 });
}
