using Rectify.Data;
using Rectify.Imaging;

namespace Rectify.Tests.Imaging;

/// <summary>Data sets of real photos, where the environment says that they are there.</summary>
public class RealPhotoTests
{
    [Fact]
    public void Open_CifarTar_Has10ClassesOf1000AndDecodes()
    {
        using PhotoDecoder decoder = Decoder();
        using TarDataset data = (TarDataset)ImageFolder.Open(Path.Combine(Folder("CIFAR10", "a folder with test.tar: class folders of 32×32 JPEG"), "test.tar"), decoder);
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], data.Classes);
        Assert.All(Enumerable.Range(0, data.Count).GroupBy(data.Label), g => Assert.Equal(1000, g.Count()));
        for (int i = 0; i < data.Count; i += 97)
        {
            RgbImage image = data.Read(i);
            Assert.Equal((32, 32), (image.Width, image.Height));
        }

        // CIFAR-10's channel means are known: 125.3, 123.0, 113.9.
        (float red, float green, float blue) = MeanImage.Compute(data, 32, 32, MeanKind.PerChannel, 2000, TestContext.Current.CancellationToken).Channels;
        Assert.InRange(red, 122.3f, 128.3f);
        Assert.InRange(green, 120f, 126f);
        Assert.InRange(blue, 110.9f, 116.9f);
    }

    [Fact]
    public void Epoch_ClothingPhotos_GivesEveryPictureOnce()
    {
        using PhotoDecoder decoder = Decoder();
        IDataset data = ImageFolder.Open(Path.Combine(Folder("CLOTHING", "a folder with validation/<class>/*.jpg"), "validation"), decoder);
        Assert.Equal(10, data.Classes.Count);
        ResizeCropFlip transform = new(64, 72, 96, MeanImage.Zero(64));
        using BatchLoader loader = new(data, transform, new() { BatchSize = 32, Shuffle = true, Workers = 2 });
        int[] seen = [.. loader.Epoch(0, cancellation: TestContext.Current.CancellationToken).SelectMany(b => b.Indices[..b.Count])];
        Assert.Equal(Enumerable.Range(0, data.Count), seen.Order());
        Assert.Empty(loader.Failures);
    }

    private static string Folder(string variable, string what)
    {
        string? folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{variable} is not set; set it to {what}.");
        return folder!;
    }

    private static PhotoDecoder Decoder()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable, "libturbojpeg is not installed: apt install libturbojpeg0");
        return new PhotoDecoder();
    }
}
