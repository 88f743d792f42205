using System.IO.Compression;
using Rectify.Data.Checking;

namespace Rectify.Tests.Data.Checking;

/// <summary>A small data set in parts with every kind of damage planted in it, and the list of what must be found.</summary>
internal sealed class DamagedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DamagedFolder()
    {
        PlantFiles();
        PlantCopies();
        PlantClasses();
    }

    public string Root => _folder.At("set");

    /// <summary>Kind, file (as its name's end) and a word of the detail.</summary>
    public List<(FindingKind Kind, string File, string Word)> Planted { get; } = [];

    public void Dispose() => _folder.Dispose();

    private void PlantFiles()
    {
        for (int i = 0; i < 6; i++)
        {
            Add($"train/cat/good{i}.png", TestPictures.Png(12, 10, i));
            Add($"train/dog/good{i}.jpg", TestPictures.Jpeg(i));
            Add($"val/cat/good{i}.png", TestPictures.Png(12, 10, 20 + i));
            Add($"val/dog/good{i}.jpg", TestPictures.Jpeg(6 + i));
        }

        byte[] jpeg = TestPictures.Jpeg(12), png = TestPictures.Png(12, 10, 40);
        byte[] flipped = TestPictures.Png(12, 10, 41);
        flipped[^20] ^= 0x55;
        Plant("train/cat/empty.jpg", [], FindingKind.EmptyFile, "is empty");
        Plant("train/cat/cut.jpg", jpeg[..^2], FindingKind.CutShort, "has no end");
        Plant("train/cat/header.jpg", jpeg[..100], FindingKind.CutShort, "damaged JPEG");
        Plant("train/cat/thumbnail.jpg", TestPictures.WithSegment(TestPictures.Jpeg(17), 0xE1, [.. TestPictures.Exif(1), .. jpeg])[..^2], FindingKind.CutShort, "has no end");
        Plant("train/cat/cut.png", png[..^30], FindingKind.CutShort, "damaged PNG");
        Plant("train/cat/flipped.png", flipped, FindingKind.Broken, "damaged PNG");
        Plant("train/cat/text.jpg", "Hello, I am no picture"u8.ToArray(), FindingKind.NotAPicture, "Hello");
        Plant("train/cat/gif.jpg", "GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray(), FindingKind.NotAPicture, "is a GIF");
        Plant("train/cat/webp.png", "RIFF\u0010\0\0\0WEBPVP8 ...."u8.ToArray(), FindingKind.NotAPicture, "is a WebP");
        Plant("train/cat/page.jpg", "<html><body>404 Not found"u8.ToArray(), FindingKind.NotAPicture, "is a web page");
        Plant("train/cat/lies.jpg", TestPictures.Png(12, 10, 42), FindingKind.WrongExtension, "is a PNG");
        Plant("train/cat/lies.png", TestPictures.Jpeg(13), FindingKind.WrongExtension, "is a JPEG");
        Plant("train/cat/line.png", TestPictures.Png(1, 20, 43), FindingKind.ImplausibleSize, "1×20");
        Plant("train/cat/strip.png", TestPictures.Png(100, 10, 44), FindingKind.ImplausibleSize, "100×10");
        Plant("train/cat/tiny.png", TestPictures.Png(4, 5, 45), FindingKind.SmallerThanCrop, "4×5");
        Plant("train/cat/moving.gif", "GIF89a"u8.ToArray(), FindingKind.IgnoredPicture, "is a GIF");
        Plant("train/cat/scan.bmp", [1, 2, 3], FindingKind.IgnoredPicture, ".bmp");
        Plant("train/cat/nameless", TestPictures.Jpeg(14), FindingKind.IgnoredPicture, "is a JPEG");
        Plant("train/loose.jpg", TestPictures.Jpeg(15), FindingKind.IgnoredPicture, "is a JPEG");
        Plant("train/cat/notes.txt", "notes"u8.ToArray(), FindingKind.IgnoredFile, ".txt");
        Plant("train/cat/.DS_Store", [1], FindingKind.HiddenFile, "dot");
        Plant("train/cat/big.jpg", [], FindingKind.TooLarge, "300000000 bytes");
        using (FileStream stream = File.OpenWrite(_folder.At("set/train/cat/big.jpg")))
        {
            stream.SetLength(300_000_000);
        }

        _ = File.CreateSymbolicLink(_folder.At("set/train/cat/link.jpg"), "nowhere.jpg");
        Planted.Add((FindingKind.DanglingLink, "train/cat/link.jpg", "nowhere.jpg"));
        _ = Directory.CreateSymbolicLink(_folder.At("set/train/cat/loop"), _folder.At("set/train/cat"));
        Planted.Add((FindingKind.LinkLoop, "train/cat/loop", "leads back"));
    }

    private void PlantCopies()
    {
        byte[] jpeg = TestPictures.Jpeg(16);
        Add("train/cat/twin1.png", TestPictures.Png(12, 10, 50));
        Add("train/cat/twin2.png", TestPictures.Png(12, 10, 50));
        Planted.Add((FindingKind.Duplicate, "train/cat/twin1.png", "the same bytes"));
        Add("train/cat/saved1.png", TestPictures.Png(12, 10, 51));
        Add("train/cat/saved2.png", TestPictures.Png(12, 10, 51, level: CompressionLevel.NoCompression));
        Planted.Add((FindingKind.Duplicate, "train/cat/saved1.png", "the same pixels in other bytes"));
        Add("train/dog/comment1.jpg", jpeg);
        Add("train/dog/comment2.jpg", TestPictures.WithSegment(jpeg, 0xFE, "by someone"u8.ToArray()));
        Planted.Add((FindingKind.Duplicate, "train/dog/comment1.jpg", "the same pixels in other bytes"));
        Add("train/cat/both.png", TestPictures.Png(12, 10, 52));
        Add("train/dog/both.png", TestPictures.Png(12, 10, 52));
        Planted.Add((FindingKind.ConflictingLabels, "train/cat/both.png", "is in cat and in dog"));
        Add("train/cat/leak.png", TestPictures.Png(12, 10, 53));
        Add("val/cat/seen.png", TestPictures.Png(12, 10, 53, level: CompressionLevel.NoCompression));
        Planted.Add((FindingKind.SharedAcrossParts, "train/cat/leak.png", "is in training and in validation"));
    }

    private void PlantClasses()
    {
        Add("train/Dog/other.png", TestPictures.Png(12, 10, 60));
        Add("train/Dog/another.png", TestPictures.Png(12, 10, 61));
        Add("val/Dog/other.png", TestPictures.Png(12, 10, 62));
        Planted.Add((FindingKind.SimilarClassNames, "\"Dog\"", "\"dog\""));
        Add("train/owl /1.png", TestPictures.Png(12, 10, 63));
        Planted.Add((FindingKind.SimilarClassNames, "\"owl \"", "spaces"));
        Planted.Add((FindingKind.SinglePicture, "train", "one picture of \"owl \""));
        Planted.Add((FindingKind.MissingClass, "val", "no picture of \"owl \""));
        Planted.Add((FindingKind.UnequalClasses, "train", "of \"cat\" and 1 of \"owl \""));
        _ = Directory.CreateDirectory(_folder.At("set/train/nothing"));
        Planted.Add((FindingKind.EmptyClass, "train/nothing", "holds no"));
        Planted.Add((FindingKind.MissingClass, "val", "no picture of \"nothing\""));
        Add("val/unicorn/1.png", TestPictures.Png(12, 10, 64));
        Planted.Add((FindingKind.UnknownClass, "val", "unicorn"));
    }

    private void Plant(string file, byte[] content, FindingKind kind, string word)
    {
        Add(file, content);
        Planted.Add((kind, file, word));
    }

    private void Add(string file, byte[] content) => _folder.Add("set/" + file, content);
}
