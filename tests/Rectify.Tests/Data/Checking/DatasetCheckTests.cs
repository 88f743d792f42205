using System.Diagnostics;
using System.Formats.Tar;
using Rectify.Data;
using Rectify.Data.Checking;
using Rectify.Imaging;
using Rectify.Tensors;

namespace Rectify.Tests.Data.Checking;

public sealed class DatasetCheckTests
{
    private static readonly DatasetCheckOptions Options = new() { Crop = 8, Threads = 2 };

    [Fact]
    public void Run_EveryKindOfDamage_IsFoundAndNamedAndNothingElse()
    {
        using PhotoDecoder decoder = Decoder();
        using DamagedFolder damaged = new();
        DatasetCheckReport report = DatasetCheck.Run(damaged.Root, null, decoder, Options);
        Assert.False(report.IsSound);
        foreach ((FindingKind kind, string file, string word) in damaged.Planted)
        {
            Assert.True(
                report.Findings.Any(f => f.Kind == kind && f.File.EndsWith(file, StringComparison.Ordinal) && f.Detail.Contains(word, StringComparison.Ordinal)),
                $"{kind} of {file} with \"{word}\" is not among:\n{string.Join('\n', report.Findings)}");
        }

        Assert.Equal(damaged.Planted.Count, report.Findings.Count);
        Assert.InRange(damaged.Planted.DistinctBy(p => p.Kind).Count(), 21, 100);
        Assert.Equal([DatasetPart.Training, DatasetPart.Validation], report.Places.Keys.Order());
        Assert.Equal(2, report.Ignored[".bmp"] + report.Ignored[".gif"]);
        Assert.Equal(new ClassCount("Dog", 2, 1, 0), report.Classes.Single(c => c.Name == "Dog"));
    }

    [Fact]
    public void Run_AnyNumberOfThreads_GivesTheSameReport()
    {
        using PhotoDecoder decoder = Decoder();
        using DamagedFolder damaged = new();
        string[] reports = [.. new[] { 1, 3 }.Select(threads => string.Join('\n',
            DatasetCheck.Run(damaged.Root, null, decoder, Options with { Threads = threads }).Findings.Select(f => $"{f.Kind} {f.File} {f.Detail} {string.Join(' ', f.Others)}")))];
        Assert.Equal(reports[0], reports[1]);
    }

    [Fact]
    public void Run_SoundFolder_IsSound()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound();
        int last = 0;
        DatasetCheckReport report = DatasetCheck.Run(folder.Root, null, decoder, Options, (done, total) => Interlocked.Exchange(ref last, total));
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Empty(report.Findings);
        Assert.Equal((4, 4), (report.Images, last));
        Assert.Equal(4, report.Formats["PNG"]);
    }

    [Fact]
    public void Run_ValidationOfItsOwn_IsComparedWithIt()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound(), other = Sound();
        _ = other.Add("b/new.png", TestPictures.Png(12, 10, 9));
        DatasetCheckReport report = DatasetCheck.Run(folder.Root, other.Root, decoder, Options);
        Assert.Equal(4, report.Findings.Count(f => f.Kind == FindingKind.SharedAcrossParts));
        Assert.Equal(new ClassCount("b", 2, 3, 0), report.Classes[1]);
    }

    [Theory]
    [InlineData("CMYK", 8, 1, FindingKind.Cmyk)]
    [InlineData("CMYK+alpha", 8, 1, FindingKind.Cmyk)]
    [InlineData("RGB", 16, 1, FindingKind.SixteenBit)]
    [InlineData("RGB", 8, 6, FindingKind.Rotated)]
    [InlineData("RGB", 8, 1, null)]
    [InlineData("grey", 8, 1, null)]
    public void Run_WhatTheHeaderSays_IsFound(string color, int bits, int orientation, FindingKind? expected)
    {
        using TemporaryFolder folder = new TemporaryFolder().Add("a/1.jpg", 1).Add("a/2.jpg", 2).Add("b/1.jpg", 3).Add("b/2.jpg", 4);
        FakeDecoder decoder = new(new ImageDescription("JPEG", 20, 20, color, bits, orientation));
        DatasetCheckReport report = DatasetCheck.Run(folder.Root, null, decoder, Options);
        Assert.Equal(expected is null ? 0 : 4, report.Findings.Count);
        Assert.All(report.Findings, f => Assert.Equal(expected, f.Kind));
        Assert.Equal(color == "grey" ? 4 : 0, report.Grey);
    }

    [Fact]
    public void Run_RealHeaders_AreUnderstood()
    {
        using PhotoDecoder decoder = Decoder();
        Assert.SkipUnless(decoder.Describe(TestPictures.Cmyk, "cmyk.jpg").Color == "CMYK", "this decoder does not describe colours");
        using TemporaryFolder folder = Sound();
        _ = folder.Add("a/cmyk.jpg", TestPictures.Cmyk).Add("a/deep.png", TestPictures.Png(12, 10, 7, bits: 16))
            .Add("a/turned.jpg", TestPictures.WithSegment(TestPictures.Jpeg(9), 0xE1, TestPictures.Exif(6)));
        DatasetCheckReport report = DatasetCheck.Run(folder.Root, null, decoder, Options);
        Assert.Equal([FindingKind.Cmyk, FindingKind.SixteenBit, FindingKind.Rotated], report.Findings.Select(f => f.Kind));
    }

    [Fact]
    public void Run_Csv_NamesBadRowsAndMissingFilesAndChecksTheRest()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound();
        _ = folder.Add("set.csv", "path,label\na/1.png,a\nb/1.png,b\nb/2.png\nb/9.png,b\na/1.png,b\n"u8.ToArray());
        DatasetCheckReport report = DatasetCheck.Run(folder.At("set.csv"), null, decoder, Options);
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.Row && f.File.EndsWith("set.csv, line 4", StringComparison.Ordinal));
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.Row && f.File.EndsWith("set.csv, line 6", StringComparison.Ordinal));
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.MissingFile && f.File.EndsWith("9.png", StringComparison.Ordinal));
        Assert.Equal(3, report.Images);
    }

    [Fact]
    public void Run_TarThatIsCut_SaysSoAndChecksWhatStandsBefore()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound();
        TarFile.CreateFromDirectory(folder.Root, Path.Combine(Path.GetTempPath(), Path.GetFileName(folder.Root) + ".tar"), includeBaseDirectory: false);
        File.Move(Path.Combine(Path.GetTempPath(), Path.GetFileName(folder.Root) + ".tar"), folder.At("set.tar"));
        Assert.True(DatasetCheck.Run(folder.At("set.tar"), null, decoder, Options).IsSound);
        byte[] whole = File.ReadAllBytes(folder.At("set.tar"));
        int last = whole.AsSpan().LastIndexOf("IEND"u8);
        File.WriteAllBytes(folder.At("set.tar"), whole[..last]);
        DatasetCheckReport report = DatasetCheck.Run(folder.At("set.tar"), null, decoder, Options);
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.Container && f.File == folder.At("set.tar"));
    }

    [Fact]
    public void Run_TarWithHardLinks_ChecksTheFilesThatTheyName()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = new();
        using (FileStream stream = File.Create(folder.At("set.tar")))
        using (TarWriter writer = new(stream, TarEntryFormat.Gnu))
        {
            foreach ((string name, int variant) in new[] { ("a/1.png", 1), ("a/2.png", 2), ("b/1.png", 3) })
            {
                writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(TestPictures.Png(12, 10, variant)) });
            }

            writer.WriteEntry(new GnuTarEntry(TarEntryType.HardLink, "b/2.png") { LinkName = "a/2.png" });
            writer.WriteEntry(new GnuTarEntry(TarEntryType.HardLink, "b/3.png") { LinkName = "a/9.png" });
        }

        DatasetCheckReport report = DatasetCheck.Run(folder.At("set.tar"), null, decoder, Options);
        Assert.Equal(4, report.Images);
        Assert.Equal(2, report.Findings.Count);
        Assert.Equal("is a hard link to a/9.png, which does not come before it", Assert.Single(report.Findings, f => f.Kind == FindingKind.DanglingLink).Detail);
        Assert.Contains("is in a and in b", Assert.Single(report.Findings, f => f.Kind == FindingKind.ConflictingLabels).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LayoutThatIsUnclear_IsAFindingAndTheFilesAreStillChecked()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = new();
        _ = folder.Add("train/a/1.png", TestPictures.Png(12, 10, 1)).Add("bus/1.png", []).Add("car/1.png", TestPictures.Png(12, 10, 2));
        DatasetCheckReport report = DatasetCheck.Run(folder.Root, null, decoder, Options);
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.Layout && f.Detail.Contains("beside other folders (bus, car)", StringComparison.Ordinal));
        Assert.Contains(report.Findings, f => f.Kind == FindingKind.EmptyFile);
    }

    [Fact]
    public void Run_FileThatMayNotBeRead_IsNamed()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound();
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "permissions do not bind this user");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.At("a/1.png"), UnixFileMode.None);
        }

        DatasetCheckReport report = DatasetCheck.Run(folder.Root, null, decoder, Options);
        Assert.Equal(FindingKind.Unreadable, Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public void Run_LinksBelowALinkedFolder_AreFollowedFromThere()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = new();
        _ = folder.Add("store/deep/cats/1.png", TestPictures.Png(12, 10, 1)).Add("more/2.png", TestPictures.Png(12, 10, 2))
            .Add("set/dog/1.png", TestPictures.Png(12, 10, 3)).Add("set/dog/2.png", TestPictures.Png(12, 10, 4));
        _ = Directory.CreateSymbolicLink(folder.At("store/deep/cats/more"), Path.Combine("..", "..", "..", "more"));
        _ = Directory.CreateSymbolicLink(folder.At("set/cat"), folder.At("store/deep/cats"));
        DatasetCheckReport report = DatasetCheck.Run(folder.At("set"), null, decoder, Options);
        Assert.Empty(report.Findings);
        Assert.Equal(4, report.Images);
    }

    [Fact]
    public async Task Run_NamedPipes_AreNotWaitedFor()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a folder of Windows holds no pipes");
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound();
        foreach (string pipe in (string[])["loose", "a/notes.txt", "a/pipe.jpg"])
        {
            using Process made = Process.Start("mkfifo", [folder.At(pipe)]);
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, made.ExitCode);
        }

        _ = File.CreateSymbolicLink(folder.At("b/link.txt"), folder.At("loose"));
        _ = File.CreateSymbolicLink(folder.At("b/link.jpg"), folder.At("loose"));
        Task<DatasetCheckReport> check = Task.Run(() => DatasetCheck.Run(folder.Root, null, decoder, Options), TestContext.Current.CancellationToken);
        DatasetCheckReport report = await check.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(3, report.Findings.Count(f => f.Kind == FindingKind.IgnoredFile));
        Assert.Equal(["a/pipe.jpg", "b/link.jpg"], report.Findings.Where(f => f.Kind == FindingKind.EmptyFile).Select(f => Path.GetRelativePath(folder.Root, f.File)).Order());
    }

    [Fact]
    public void Run_RawPicturesThatAreDamaged_AreBroken()
    {
        using PhotoDecoder decoder = Decoder();
        using TemporaryFolder folder = Sound();
        byte[] raw = new PpmCodec().Encode(new RgbImage(12, 10, [.. Enumerable.Range(0, 360).Select(i => (byte)i)]));
        _ = folder.Add("a/good.ppm", raw).Add("a/short.ppm", raw[..^5]).Add("loose.ppm", raw);
        DatasetCheckReport report = DatasetCheck.Run(folder.Root, null, decoder, Options);
        Assert.Equal(2, report.Findings.Count);
        Finding broken = Assert.Single(report.Findings, f => f.Kind == FindingKind.Broken);
        Assert.Equal(folder.At("a/short.ppm"), broken.File);
        Assert.Contains("355 of its 360 bytes", broken.Detail, StringComparison.Ordinal);
        Assert.Equal("is a PPM", Assert.Single(report.Findings, f => f.Kind == FindingKind.IgnoredPicture).Detail);
    }

    [Fact]
    public void Run_PathThatDoesNotExist_IsRefused() =>
        Assert.Throws<RectifyException>(() => DatasetCheck.Run("does-not-exist", null, new FakeDecoder(new ImageDescription("JPEG", 1, 1, "RGB", 8, 1)), Options));

    [Fact]
    public void FindingKinds_EachKind_HasATitleAndARemedy()
    {
        foreach (FindingKind kind in Enum.GetValues<FindingKind>())
        {
            Assert.False(string.IsNullOrWhiteSpace(FindingKinds.TitleOf(kind)));
            Assert.False(string.IsNullOrWhiteSpace(FindingKinds.RemedyOf(kind)));
        }
    }

    private static TemporaryFolder Sound() => new TemporaryFolder()
        .Add("a/1.png", TestPictures.Png(12, 10, 1)).Add("a/2.png", TestPictures.Png(12, 10, 2))
        .Add("b/1.png", TestPictures.Png(12, 10, 3)).Add("b/2.png", TestPictures.Png(12, 10, 4));

    private static PhotoDecoder Decoder()
    {
        Assert.SkipUnless(TurboJpegDecoder.IsAvailable && SpngDecoder.IsAvailable, "libturbojpeg or libspng is not installed: eng/setup.sh");
        return new PhotoDecoder();
    }

    private sealed class FakeDecoder(ImageDescription description) : IImageDecoder
    {
        public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0) => new(1, 1, [file[0], 0, 0]);

        public ImageDescription Describe(ReadOnlySpan<byte> file, string name) => description;
    }
}
