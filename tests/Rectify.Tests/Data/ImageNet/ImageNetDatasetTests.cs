using System.Formats.Tar;
using Rectify.Data;
using Rectify.Data.Checking;
using Rectify.Tensors;
using Rectify.Tests.Fixtures;

namespace Rectify.Tests.Data.ImageNet;

public sealed class ImageNetDatasetTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tars")]
    [InlineData("tars and the devkit's folder")]
    [InlineData("tars and a list")]
    [InlineData("folders and a flat validation folder")]
    [InlineData("folders and a validation tar")]
    [InlineData("training tar and validation folders")]
    public void Open_EachLayout_LabelsByWnidAndHasOneFingerprint(string layout)
    {
        ImageNetFiles files = Files("set");
        _ = layout switch
        {
            "tars" => files.AsGivenOut(),
            "tars and the devkit's folder" => files.TrainTar().ValTar().Devkit(unpacked: true),
            "tars and a list" => files.TrainTar().ValTar().List(),
            "folders and a flat validation folder" => files.TrainFolders().ValFolder(sorted: false).Devkit(unpacked: true).SynsetWords(),
            "folders and a validation tar" => files.TrainFolders().ValTar().Devkit(),
            _ => files.TrainTar().ValFolder(sorted: true).Devkit(unpacked: true),
        };
        ImageNetFiles plain = Files("plain").TrainFolders().ValFolder(sorted: true);
        DatasetLayout found = DatasetLayout.Find(files.Root), expected = DatasetLayout.Find(plain.Root);
        Assert.Equal([DatasetPart.Training, DatasetPart.Validation], found.Parts);
        foreach ((DatasetPart part, int count) in new[] { (DatasetPart.Training, 200), (DatasetPart.Validation, 100) })
        {
            IDataset data = found.Open(part, Decoder), folders = expected.Open(part, Decoder);
            using IDisposable? open = data as IDisposable;
            Assert.Equal(count, data.Count);
            Assert.Equal(Enumerable.Range(0, 50).Select(ImageNetFiles.Wnid), data.Classes);

            // The one byte of each picture is its class.
            Assert.All(Enumerable.Range(0, count), i => Assert.Equal(data.Read(i).Pixels[0], data.Label(i)));
            Assert.Equal(DatasetFingerprint.Compute(folders), DatasetFingerprint.Compute(data));
            Assert.Equal(Enumerable.Range(0, count).Select(i => ((IKeyed)folders).Key(i)), Enumerable.Range(0, count).Select(i => ((IKeyed)data).Key(i)));

            // A part's place can be given in place of the whole's.
            IDataset alone = ImageFolder.Open(found.PathOf(part), Decoder);
            using IDisposable? other = alone as IDisposable;
            Assert.Equal(data.Name(count - 1), alone.Name(count - 1));
        }
    }

    [Fact]
    public void Open_IdsTakenForPositions_WouldBeWrongForEachPicture()
    {
        // What the labels of the test above are worth: a map by position gives other ones throughout.
        ImageNetFiles files = Files("set");
        int[] ids = [.. files.Truth().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        Assert.DoesNotContain(Enumerable.Range(1, files.ValidationCount), n => ids[n - 1] - 1 == files.ClassOf(n));
    }

    [Fact]
    public void Open_TwoDevkitsThatDifferInTheTableAlone_LabelDifferently()
    {
        ImageNetFiles one = Files("one").ValTar().Devkit(), other = Files("other").ValTar();
        object[][] rows = [.. Enumerable.Range(0, 50).Select(c => (object[])[c + 1, ImageNetFiles.Wnid(c), "x", 0])];
        _ = other.Devkit(meta: MatFileWriter.Write("synsets", ["ILSVRC2012_ID", "WNID", "words", "num_children"], rows));
        using ImageNetValidation right = Validation(one), byPosition = Validation(other);
        Assert.Equal(right.Classes, byPosition.Classes);
        Assert.All(Enumerable.Range(0, 100), i => Assert.NotEqual((int)byPosition.Read(i).Pixels[0], byPosition.Label(i)));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(right.Read(i).Pixels[0], right.Label(i)));
    }

    [Fact]
    public void Find_FlatFolderWithTheDevkitInside_IsAValidationSet()
    {
        ImageNetFiles files = Files("set").ValFolder(sorted: false);
        ImageNetFiles inside = new(_folder.At("set/val"), OneByte);
        _ = inside.Devkit(unpacked: true, truth: files.Truth());
        Assert.Equal(100, ImageFolder.Open(_folder.At("set/val") + "/", Decoder).Count);
    }

    [Theory]
    [InlineData("no devkit", "holds pictures without their classes", "ILSVRC2012_devkit_t12.tar.gz")]
    [InlineData("short truth", "has 99 lines, and", "is picture 100")]
    [InlineData("long truth", "holds 100 pictures, and", "labels for 101; download the archive again")]
    [InlineData("id 0", "line 3, holds \"0\"", "ids 1 to 50")]
    [InlineData("id 51", "line 3, holds \"51\"", "ids 1 to 50")]
    [InlineData("no number", "line 3, holds \"x\"", "ids 1 to 50")]
    [InlineData("no meta", "meta.mat is missing", "download")]
    [InlineData("no truth", "ILSVRC2012_validation_ground_truth.txt is missing", "download")]
    [InlineData("cut devkit", "ILSVRC2012_devkit_t12.tar.gz is damaged", "download")]
    [InlineData("meta is text", "meta.mat cannot be read as a MATLAB 5 file", "devkit")]
    [InlineData("list with a gap", "has no line for", "00000100.JPEG; add it")]
    [InlineData("list twice", "line 101, names ILSVRC2012_val_00000001.JPEG again", "mend it")]
    [InlineData("list of names", "line 1, is not NAME WNID", "mend it")]
    [InlineData("foreign picture", "holiday.jpg has no name like", "take the file away")]
    public void Open_ValidationThatDoesNotHold_IsOneSentence(string fault, params string[] words)
    {
        ImageNetFiles files = Files("set").ValTar();
        string truth = files.Truth();
        string[] lines = truth.Split('\n');
        string With(string third) => string.Join('\n', [.. lines[..2], third, .. lines[3..]]);
        ImageNetFiles done = fault switch
        {
            "short truth" => files.Devkit(truth: string.Join('\n', lines[..99])),
            "long truth" => files.Devkit(truth: truth + "7\n"),
            "id 0" => files.Devkit(truth: With("0")),
            "id 51" => files.Devkit(truth: With("51")),
            "no number" => files.Devkit(truth: With("x")),
            "no meta" or "no truth" => files.Devkit(unpacked: true),
            "meta is text" => files.Devkit(meta: new byte[500]),
            "no devkit" => files,
            "list with a gap" or "list twice" => files.List(),
            "list of names" => files.Add(ImageNetFiles.NamesAndWnids, "ILSVRC2012_val_00000001.JPEG\n"u8.ToArray()),
            _ => files.Devkit(),
        };
        string list = Path.Combine(done.Root, ImageNetFiles.NamesAndWnids), archive = Path.Combine(done.Root, ImageNetFiles.DevkitArchive);
        switch (fault)
        {
            case "no meta":
                File.Delete(Path.Combine(done.Root, "ILSVRC2012_devkit_t12/data/meta.mat"));
                break;
            case "no truth":
                File.Delete(Path.Combine(done.Root, "ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt"));
                break;
            case "cut devkit":
                File.WriteAllBytes(archive, File.ReadAllBytes(archive)[..700]);
                break;
            case "list with a gap":
                File.WriteAllLines(list, File.ReadAllLines(list)[..99]);
                break;
            case "list twice":
                File.AppendAllText(list, $"{ImageNetFiles.ValidationName(1)} {ImageNetFiles.Wnid(3)}\n");
                break;
            case "foreign picture":
                using (TarWriter writer = new(File.Create(Path.Combine(done.Root, ImageNetFiles.Val))))
                {
                    writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "holiday.jpg") { DataStream = new MemoryStream([1]) });
                }

                break;
        }

        string message = Assert.Throws<RectifyException>(() => Validation(done)).Message;
        Assert.All(words, w => Assert.Contains(w, message, StringComparison.Ordinal));
        DatasetCheckReport report = DatasetCheck.Run(done.Root, null, Decoder, new DatasetCheckOptions { Crop = 1 });
        Assert.False(report.IsSound);
        Assert.Contains(report.Findings, f => f.Kind is FindingKind.Labels or FindingKind.Container);
    }

    [Theory]
    [InlineData("cut", "does not fit into the file")]
    [InlineData("no tar", "it is no tar")]
    [InlineData("inner is no tar", "ILSVRC2012_img_train.tar/n01440764.tar cannot be read as a tar")]
    [InlineData("empty class", "n01440764.tar holds no .JPEG")]
    [InlineData("class twice", "holds n01440764.tar twice")]
    [InlineData("one class", "holds 1 tars of pictures")]
    public void Open_TrainingArchiveThatDoesNotHold_IsOneSentence(string fault, string words)
    {
        ImageNetFiles files = Files("set").TrainTar();
        string path = Path.Combine(files.Root, ImageNetFiles.Train);
        byte[] inner;
        using (MemoryStream tar = new())
        {
            using (TarWriter writer = new(tar, TarEntryFormat.Ustar, leaveOpen: true))
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "n01440764_1.JPEG") { DataStream = new MemoryStream([1]) });
            }

            inner = tar.ToArray();
        }

        (string Name, byte[] Content)[] entries = fault switch
        {
            "inner is no tar" => [("n01440764.tar", [.. Enumerable.Range(0, 600).Select(i => (byte)i)])],
            "empty class" => [("n01440764.tar", new byte[1024])],
            "class twice" => [("n01440764.tar", inner), ("a/n01440764.tar", inner)],
            _ => [("n01440764.tar", inner)],
        };
        if (fault is "cut" or "no tar")
        {
            byte[] bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, fault == "cut" ? bytes[..(bytes.Length - 4000)] : [.. bytes[..100], .. new byte[2000]]);
        }
        else
        {
            using TarWriter writer = new(File.Create(path), TarEntryFormat.Ustar);
            Array.ForEach(entries, e => writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, e.Name) { DataStream = new MemoryStream(e.Content) }));
        }

        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(path, Decoder)).Message;
        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Contains(";", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Apply_ClassOfTheDevkitThatTrainingLacks_IsNamed()
    {
        ImageNetFiles files = Files("set").AsGivenOut();
        ImageNetFiles fewer = new(_folder.At("fewer"), OneByte) { Classes = 49 };
        _ = fewer.TrainTar();
        using ImageNetValidation validation = Validation(files);
        using ImageNetTraining training = Assert.IsType<ImageNetTraining>(ImageFolder.Open(Path.Combine(fewer.Root, ImageNetFiles.Train), Decoder));
        string message = Assert.Throws<RectifyException>(() => ClassMap.Apply(validation, training.Classes)).Message;
        Assert.Contains($"'{ImageNetFiles.Wnid(49)}' that the network does not know", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ArchiveBesideAFolderOfThatPart_IsRefused()
    {
        ImageNetFiles files = Files("set").TrainTar().TrainFolders();
        Assert.Contains("holds both", Assert.Throws<RectifyException>(() => DatasetLayout.Find(files.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AsGivenOut_IsSoundAndCountsEach()
    {
        DatasetCheckReport report = DatasetCheck.Run(Files("set").AsGivenOut().Root, null, Decoder, new DatasetCheckOptions { Crop = 1 });
        Assert.Equal(300, report.Images);
        Assert.Equal(50, report.Classes.Count);
        Assert.All(report.Classes, c => Assert.Equal((4, 2), (c.Training, c.Validation)));
        Assert.DoesNotContain(report.Findings, f => f.Kind is FindingKind.Labels or FindingKind.Container or FindingKind.Layout or FindingKind.UnknownClass);
    }

    [Fact]
    public void Beside_WordsOrDevkitOrNeither_GivesWords()
    {
        ImageNetFiles words = Files("words").SynsetWords(), devkit = Files("devkit").Devkit(), neither = Files("neither");
        Assert.Equal(ImageNetFiles.WordsOf(1), ClassWords.Beside(words.Root)[ImageNetFiles.Wnid(1)]);
        Assert.Equal(ImageNetFiles.WordsOf(1), ClassWords.Beside(devkit.Root)[ImageNetFiles.Wnid(1)]);
        Assert.Empty(ClassWords.Beside(neither.Root));
        Assert.Equal("n01440764 tench", ClassWords.Label("n01440764", ClassWords.Beside(words.Root)));
    }

    private static byte[] OneByte(int c, int number) => [(byte)c];

    private static ImageNetValidation Validation(ImageNetFiles files) =>
        Assert.IsType<ImageNetValidation>(DatasetLayout.Find(files.Root).Open(DatasetPart.Validation, Decoder));

    private ImageNetFiles Files(string name) => new(_folder.At(name), OneByte);
}
