using System.Formats.Tar;
using Rectify.Data;

namespace Rectify.Tests.Data;

public sealed class DatasetFingerprintTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compute_FolderElsewhereItsTarAndItsCsv_AreEqual()
    {
        Fill("one");
        Fill("deep/two");
        TarFile.CreateFromDirectory(_folder.At("one"), _folder.At("one.tar"), includeBaseDirectory: false);
        _ = _folder.Add("one/one.csv", "b/3.jpg,b\na/1.jpg,a\na/2.jpg,a\n"u8.ToArray());
        string expected = Of("one");
        Assert.Matches("^1:[0-9a-f]{64}$", expected);
        Assert.Equal(expected, Of("deep/two"));
        Assert.Equal(expected, Of("one.tar"));
        Assert.Equal(expected, Of("one/one.csv"));
    }

    [Fact]
    public void Compute_WhateverItCovers_ChangesIt()
    {
        Fill("set");
        HashSet<string> seen = [Of("set")];
        void Changed(Action change)
        {
            change();
            Assert.True(seen.Add(Of("set")));
        }

        Changed(() => _folder.Add("set/b/4.jpg", 1));
        Changed(() => _folder.Add("set/b/4.jpg", 1, 2));
        Changed(() => File.Move(_folder.At("set/b/4.jpg"), _folder.At("set/b/5.jpg")));
        Changed(() => File.Move(_folder.At("set/b/5.jpg"), _folder.At("set/a/5.jpg")));
        Changed(() => Directory.Move(_folder.At("set/b"), _folder.At("set/c")));

        // What it does not cover.
        _ = _folder.Add("set/a/5.jpg", 3, 4);
        Assert.Contains(Of("set"), seen);
    }

    [Fact]
    public void Compute_Views_FollowOrderLabelsAndChoice()
    {
        Fill("set");
        IDataset data = ImageFolder.Open(_folder.At("set"), Decoder);
        string whole = DatasetFingerprint.Compute(data);
        Assert.Equal(whole, DatasetFingerprint.Compute(new CachedDataset(data, 1000)));
        Assert.Equal(whole, DatasetFingerprint.Compute(new CachedDataset(new SubsetDataset(data, [0, 1, 2]), 1000)));
        Assert.NotEqual(whole, DatasetFingerprint.Compute(new SubsetDataset(data, [0, 2, 1])));
        Assert.NotEqual(whole, DatasetFingerprint.Compute(new SubsetDataset(data, [0, 1])));
        Assert.NotEqual(whole, DatasetFingerprint.Compute(ClassMap.Apply(data, ["b", "a"])));
    }

    [Fact]
    public void Compute_RenderedPictures_DependOnSeedSizeAndCount()
    {
        string[] all = [.. new (int Count, int Size, ulong Seed)[] { (100, 32, 1), (100, 32, 2), (100, 16, 1), (90, 32, 1) }
            .Select(d => DatasetFingerprint.Compute(new RenderedDataset(d.Count, d.Size, d.Seed)))];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], DatasetFingerprint.Compute(new RenderedDataset(100, 32, 1)));
    }

    [Fact]
    public void Compute_Link_CountsWhatItPointsTo_AndADanglingOneIsNoError()
    {
        Fill("one");
        Fill("two");
        File.Move(_folder.At("two/b/3.jpg"), _folder.At("two/3"));
        _ = File.CreateSymbolicLink(_folder.At("two/b/3.jpg"), _folder.At("two/3"));
        Assert.Equal(Of("one"), Of("two"));
        File.Delete(_folder.At("two/3"));
        Assert.NotEqual(Of("one"), Of("two"));
    }

    [Fact]
    public void ReadFile_FolderAndTar_GivesTheBytes()
    {
        Fill("one");
        TarFile.CreateFromDirectory(_folder.At("one"), _folder.At("one.tar"), includeBaseDirectory: false);
        foreach (string path in (string[])["one", "one.tar"])
        {
            IDataset data = ImageFolder.Open(_folder.At(path), Decoder);
            using IDisposable? open = data as IDisposable;
            Assert.Equal([2, 2], ((IEncodedDataset)data).ReadFile(1));
            Assert.Equal([1L, 2, 3], Enumerable.Range(0, 3).Select(((IEncodedDataset)data).FileLength));
        }
    }

    private void Fill(string root) =>
        _folder.Add($"{root}/a/1.jpg", 1).Add($"{root}/a/2.jpg", 2, 2).Add($"{root}/b/3.jpg", 3, 3, 3);

    private string Of(string path)
    {
        IDataset data = ImageFolder.Open(_folder.At(path), Decoder);
        using IDisposable? open = data as IDisposable;
        return DatasetFingerprint.Compute(data);
    }
}
