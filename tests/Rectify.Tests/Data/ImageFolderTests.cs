using System.Formats.Tar;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_FolderOfClassFolders_SortsClassesAndSamplesByTheirNames()
    {
        _ = Fill();
        IDataset data = ImageFolder.Open(_folder.At("set"), Decoder);
        Assert.Equal(["B", "a", "b"], data.Classes);
        string[] names = [.. Enumerable.Range(0, data.Count).Select(i => Path.GetRelativePath(_folder.At("set"), data.Name(i)).Replace('\\', '/'))];
        Assert.Equal(["B/1.PNG", "B/10.jpg", "B/2.jpeg", "a/x.JPG", "b/deep/er/z.jpg", "b/y.jpg"], names);
        Assert.Equal([0, 0, 0, 1, 2, 2], Enumerable.Range(0, data.Count).Select(data.Label));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, Enumerable.Range(0, data.Count).Select(i => data.Read(i).Pixels[0]));
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax, "")]
    [InlineData(TarEntryFormat.Gnu, "./")]
    [InlineData(TarEntryFormat.Ustar, "")]
    public void Open_TarInAnyOrder_NumbersItsSamplesAsTheFolder(TarEntryFormat format, string prefix)
    {
        string[] files = Fill();
        using (FileStream stream = File.Create(_folder.At("set.tar")))
        using (TarWriter writer = new(stream, format))
        {
            foreach (string file in files.Reverse())
            {
                writer.WriteEntry(_folder.At("set/" + file), prefix + file);
            }
        }

        IDataset folder = ImageFolder.Open(_folder.At("set"), Decoder);
        using TarDataset tar = Assert.IsType<TarDataset>(ImageFolder.Open(_folder.At("set.tar"), Decoder));
        Assert.Equal(folder.Classes, tar.Classes);
        Assert.Equal(folder.Count, tar.Count);
        for (int i = 0; i < tar.Count; i++)
        {
            Assert.Equal(folder.Label(i), tar.Label(i));
            Assert.Equal(folder.Read(i).Pixels, tar.Read(i).Pixels);
            Assert.Equal(((IKeyed)folder).Key(i), ((IKeyed)tar).Key(i));
        }
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax, "a/1.jpg")]
    [InlineData(TarEntryFormat.Gnu, "./a/1.jpg")]
    [InlineData(TarEntryFormat.Ustar, "pool/1")]
    [InlineData(TarEntryFormat.V7, "a/1.jpg")]
    public void Open_TarWithHardLinks_HasTheirFiles(TarEntryFormat format, string target)
    {
        WriteTar(format, target);
        using TarDataset data = (TarDataset)ImageFolder.Open(_folder.At("set.tar"), Decoder);
        Assert.Equal(["a/1.jpg", "b/2.jpg", "b/3.jpg"], Enumerable.Range(0, data.Count).Select(((IKeyed)data).Key));
        Assert.Equal(new byte[] { 7, 7, 7 }, Enumerable.Range(0, data.Count).Select(i => data.Read(i).Pixels[0]));
    }

    [Fact]
    public void Open_TarWithAHardLinkToNothing_NamesIt()
    {
        WriteTar(TarEntryFormat.Pax, "a/later.jpg");
        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At("set.tar"), Decoder)).Message;
        Assert.StartsWith($"{_folder.At("set.tar")}/b/2.jpg is a hard link to a/later.jpg, which does not come before it;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingPath_SaysSo() => Refuses("nowhere", "does not exist");

    [Fact]
    public void Open_EmptyFolder_SaysSo()
    {
        _ = Directory.CreateDirectory(_folder.At("set"));
        Refuses("set", "is empty");
    }

    [Fact]
    public void Open_PicturesWithoutClassFolders_SaysSo()
    {
        _ = _folder.Add("set/1.jpg", 1).Add("set/2.jpg", 2);
        Refuses("set", "no class folders");
    }

    [Fact]
    public void Open_ClassFolderWithoutPictures_NamesIt()
    {
        _ = _folder.Add("set/a/1.jpg", 1).Add("set/b/readme.txt", 2).Add("set/b/.hidden.jpg", 2);
        Refuses("set", "\"b\" holds no");
    }

    [Fact]
    public void Open_SingleClass_NamesIt()
    {
        _ = _folder.Add("set/cat/1.jpg", 1).Add("set/.git/2.jpg", 2);
        Refuses("set", "a single class folder, \"cat\"");
    }

    [Fact]
    public void Open_OtherFile_SaysWhatToName()
    {
        _ = _folder.Add("set.zip", 1).Add("set.tar.gz", 2);
        Refuses("set.zip", "neither a folder nor a .tar, .csv or .bin");
        Refuses("set.tar.gz", "gunzip");
    }

    [Fact]
    public void Open_FileThatIsNoTar_SaysSo()
    {
        _ = _folder.Add("set.tar", [.. Enumerable.Repeat((byte)'x', 2000)]);
        Refuses("set.tar", "cannot be read as a tar");
    }

    [Fact]
    public void Open_TarCutShort_SaysSo()
    {
        foreach (string name in (string[])["a/1.jpg", "b/1.jpg", "b/2.jpg"])
        {
            _ = _folder.Add("set/" + name, new byte[4000]);
        }

        TarFile.CreateFromDirectory(_folder.At("set"), _folder.At("set.tar"), includeBaseDirectory: false);
        using (FileStream stream = File.OpenWrite(_folder.At("set.tar")))
        {
            stream.SetLength(stream.Length - 6000);
        }

        Refuses("set.tar", "cannot be read as a tar");
    }

    [Theory]
    [InlineData("set/cat/loop", "set/cat")]
    [InlineData("set/cat/up", "set")]
    [InlineData("set/cat/deep/loop", ".")]
    public void Open_LinkThatLeadsBack_IsRefusedByItsName(string link, string target)
    {
        _ = _folder.Add("set/cat/1.jpg", 1).Add("set/cat/deep/2.jpg", 2).Add("set/dog/1.jpg", 3);
        _ = Directory.CreateSymbolicLink(_folder.At(link), target == "." ? target : _folder.At(target));
        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At("set"), Decoder)).Message;
        Assert.Equal($"{_folder.At(link)} is a link that leads back to a folder that holds it; remove it.", message);
    }

    [Fact]
    public void Open_LinksToFolders_AreFollowed()
    {
        // The same folder as two classes, and links that are relative to where another link leads.
        _ = _folder.Add("store/deep/cats/1.jpg", 1).Add("more/2.jpg", 2).Add("set/dog/1.jpg", 3);
        _ = Directory.CreateSymbolicLink(_folder.At("store/deep/cats/more"), Path.Combine("..", "..", "..", "more"));
        _ = Directory.CreateSymbolicLink(_folder.At("set/cat"), _folder.At("store/deep/cats"));
        _ = Directory.CreateSymbolicLink(_folder.At("set/lynx"), Path.Combine("..", "store", "deep", "cats"));
        IDataset data = ImageFolder.Open(_folder.At("set"), Decoder);
        Assert.Equal(["cat", "dog", "lynx"], data.Classes);
        Assert.Equal(["cat/1.jpg", "cat/more/2.jpg", "dog/1.jpg", "lynx/1.jpg", "lynx/more/2.jpg"], Enumerable.Range(0, data.Count).Select(((IKeyed)data).Key));
        Assert.Equal(new byte[] { 1, 2, 3, 1, 2 }, Enumerable.Range(0, data.Count).Select(i => data.Read(i).Pixels[0]));
    }

    [Fact]
    public void Read_SampleThatDoesNotDecode_NamesTheFileAndTheReason()
    {
        _ = _folder.Add("set/a/1.jpg", 1, 2).Add("set/b/1.jpg", 1).Add("set/b/2.jpg");
        IDataset data = ImageFolder.Open(_folder.At("set"), Decoder);
        string broken = Assert.Throws<RectifyException>(() => data.Read(0)).Message;
        Assert.Contains(_folder.At("set"), broken, StringComparison.Ordinal);
        Assert.Contains("1.jpg is not one byte long", broken, StringComparison.Ordinal);
        Assert.Contains("2.jpg is empty", Assert.Throws<RectifyException>(() => data.Read(2)).Message, StringComparison.Ordinal);
        File.Delete(_folder.At("set/b/1.jpg"));
        Assert.Contains("cannot be read", Assert.Throws<RectifyException>(() => data.Read(1)).Message, StringComparison.Ordinal);
    }

    private string[] Fill()
    {
        string[] files = ["B/1.PNG", "B/10.jpg", "B/2.jpeg", "a/x.JPG", "b/deep/er/z.jpg", "b/y.jpg"];
        for (int i = 0; i < files.Length; i++)
        {
            _ = _folder.Add("set/" + files[i], (byte)(i + 1));
        }

        _ = _folder.Add("set/a/notes.txt", 9).Add("set/a/._x.jpg", 9);
        return [.. files, "a/notes.txt", "a/._x.jpg"];
    }

    // A file of its own, one that is no sample, a link to either, and a link to that link.
    private void WriteTar(TarEntryFormat format, string target)
    {
        using FileStream stream = File.Create(_folder.At("set.tar"));
        using TarWriter writer = new(stream, format);
        foreach ((string name, string? link) in new[] { ("pool/1", null), ("a/1.jpg", null), ("b/2.jpg", target), ("b/3.jpg", "b/2.jpg") })
        {
            TarEntryType type = link is not null ? TarEntryType.HardLink : format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
            TarEntry entry = format switch
            {
                TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                TarEntryFormat.Ustar => new UstarTarEntry(type, name),
                TarEntryFormat.V7 => new V7TarEntry(type, name),
                _ => new PaxTarEntry(type, name),
            };
            if (link is not null)
            {
                entry.LinkName = link;
            }
            else
            {
                entry.DataStream = new MemoryStream([7]);
            }

            writer.WriteEntry(entry);
        }
    }

    private void Refuses(string path, string why)
    {
        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At(path), Decoder)).Message;
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.At(path), message, StringComparison.Ordinal);
    }
}
