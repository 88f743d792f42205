using System.Text;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class CifarDatasetTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();

    // Not in ordinal order, so that the labels must be mapped.
    private static readonly string[] Names = ["zebra", "ant", "bee", "cow", "dog", "eel", "fly", "gnu", "hen", "ibis"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Cifar10Folder_HasTrainingAndTestWithPixelsInPlaces()
    {
        _ = _folder.Add("c/data_batch_1.bin", [.. Record([0]), .. Record([3])]).Add("c/data_batch_2.bin", Record([9])).Add("c/test_batch.bin", Record([1]));
        _ = _folder.Add("c/batches.meta.txt", Encoding.UTF8.GetBytes(string.Join('\n', Names) + "\n\n"));
        DatasetLayout layout = DatasetLayout.Find(_folder.At("c"));
        Assert.Equal([DatasetPart.Training, DatasetPart.Test], layout.Parts);
        using CifarDataset training = Assert.IsType<CifarDataset>(layout.Open(DatasetPart.Training, Decoder));
        Assert.Equal(Names.Order(StringComparer.Ordinal), training.Classes);
        Assert.Equal(["zebra", "cow", "ibis"], Enumerable.Range(0, training.Count).Select(i => training.Classes[training.Label(i)]));
        Assert.Equal(["data_batch_1.bin#0", "data_batch_1.bin#1", "data_batch_2.bin#0"], Enumerable.Range(0, 3).Select(((IKeyed)training).Key));
        RgbImage image = training.Read(1);
        Assert.Equal((32, 32), (image.Width, image.Height));
        Assert.Equal([(byte)(3 + 33), 3 + 33 + 80, 3 + 33 + 160], image.Pixels.AsSpan(3 * 33, 3).ToArray());

        using CifarDataset test = Assert.IsType<CifarDataset>(ImageFolder.Open(layout.PathOf(DatasetPart.Test), Decoder));
        Assert.Equal("ant", test.Classes[test.Label(0)]);
    }

    [Fact]
    public void Open_Cifar100_TakesTheFineLabel()
    {
        _ = _folder.Add("c/train.bin", [.. Record([3, 98]), .. Record([19, 0])]).Add("c/test.bin", Record([0, 5])).Add("c/fine_label_names.txt", Fine());
        using CifarDataset data = (CifarDataset)DatasetLayout.Find(_folder.At("c")).Open(DatasetPart.Training, Decoder);
        Assert.Equal([98, 0], Enumerable.Range(0, 2).Select(data.Label));
        Assert.Equal(3, data.Read(0).Pixels[0]);
    }

    [Fact]
    public void Open_BrokenFiles_AreRefusedInASentence()
    {
        _ = _folder.Add("c/batches.meta.txt", Encoding.UTF8.GetBytes(string.Join('\n', Names)));
        Refuses("c/data_batch_1.bin", Record([0])[..^1], "3072 bytes, which is no whole number of CIFAR-10's records of 3073");
        Refuses("c/data_batch_1.bin", [], "0 bytes");
        Refuses("c/data_batch_1.bin", [.. Record([0]), .. Record([10])], "record 1 has the label 10, and there are 10 classes");
        Refuses("c/train.bin", Record([0, 1]), "fine_label_names.txt with the names of the classes is missing");
        _ = _folder.Add("c/fine_label_names.txt", Fine());
        Refuses("c/train.bin", Record([20, 1]), "the coarse label 20");
        Refuses("c/train.bin", Record([2, 100]), "the label 100");
        Refuses("c/other.bin", Record([1]), "CIFAR-10's or CIFAR-100's");
        _ = _folder.Add("c/batches.meta.txt", "a\na\n"u8.ToArray());
        Refuses("c/data_batch_1.bin", Record([0]), "holds 1 distinct names");
        _ = _folder.Add("c/batches.meta.txt", new byte[100_000]);
        Refuses("c/data_batch_1.bin", Record([0]), "far too long");
    }

    [Fact]
    public void Open_HugeSparseFile_IsRefusedAtOnce()
    {
        _ = _folder.Add("c/batches.meta.txt", Encoding.UTF8.GetBytes(string.Join('\n', Names)));
        _ = _folder.Add("c/data_batch_1.bin");
        using (FileStream stream = File.OpenWrite(_folder.At("c/data_batch_1.bin")))
        {
            stream.SetLength(3073L << 21);
        }

        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At("c/data_batch_1.bin"), Decoder)).Message;
        Assert.Contains("no whole number", message, StringComparison.Ordinal);
    }

    // The planes begin with the label and differ by 80.
    internal static byte[] Record(byte[] labels)
    {
        byte[] record = new byte[labels.Length + 3072];
        labels.CopyTo(record, 0);
        for (int i = 0; i < 3072; i++)
        {
            record[labels.Length + i] = (byte)(labels[0] + (i % 1024 % 64) + (80 * (i / 1024)));
        }

        return record;
    }

    private static byte[] Fine() => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 100).Select(i => $"name{i:00}")));

    private void Refuses(string path, byte[] content, string expected)
    {
        _ = _folder.Add(path, content);
        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At(path), Decoder)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
