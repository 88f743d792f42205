using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Rectify.Tests.Fixtures;

/// <summary>Small files of exactly the layouts in which ImageNet 2012 is given out, packed and unpacked.</summary>
/// <remarks>Class c is the one with the c-th WNID in ordinal order; its ILSVRC id has nothing to do with c.</remarks>
/// <param name="root">The folder, which is made.</param>
/// <param name="picture">The file of a class's picture: class, and a number that no other picture of the set has.</param>
internal sealed class ImageNetFiles(string root, Func<int, int, byte[]> picture)
{
    public const string Train = "ILSVRC2012_img_train.tar", Val = "ILSVRC2012_img_val.tar", DevkitArchive = "ILSVRC2012_devkit_t12.tar.gz";
    public const string DevkitFolder = "ILSVRC2012_devkit_t12", Words = "synset_words.txt", NamesAndWnids = "ILSVRC2012_validation_wnids.txt";

    private static readonly string[] Fields = ["ILSVRC2012_ID", "WNID", "words", "gloss", "num_children", "children", "wordnet_height", "num_train_images"];

    public int Classes { get; init; } = 50;

    public int TrainingEach { get; init; } = 4;

    public int ValidationEach { get; init; } = 2;

    public string Root => Directory.CreateDirectory(root).FullName;

    public int ValidationCount => Classes * ValidationEach;

    public static string Wnid(int c) => string.Create(CultureInfo.InvariantCulture, $"n{1440764 + (c * 137_003):D8}");

    public static string ValidationName(int number) => string.Create(CultureInfo.InvariantCulture, $"ILSVRC2012_val_{number:D8}.JPEG");

    /// <summary>The ILSVRC id of a class: a permutation of 1 to the number of classes that leaves hardly any class in its place.</summary>
    public int IdOf(int c) => (((c * 7) + 3) % Classes) + 1;

    /// <summary>The class of validation picture 1, 2, ….</summary>
    public int ClassOf(int number) => number * 11 % Classes;

    /// <summary>Both archives, the devkit's archive and synset_words.txt.</summary>
    public ImageNetFiles AsGivenOut() => TrainTar().ValTar().Devkit().SynsetWords();

    public ImageNetFiles TrainTar()
    {
        using FileStream file = File.Create(Path.Combine(Root, Train));
        using TarWriter outer = new(file, TarEntryFormat.Ustar);

        // Not in the order of the names, inside and outside.
        for (int c = Classes - 1; c >= 0; c--)
        {
            using MemoryStream inner = new();
            using (TarWriter writer = new(inner, TarEntryFormat.Ustar, leaveOpen: true))
            {
                for (int v = TrainingEach - 1; v >= 0; v--)
                {
                    Add(writer, TrainingName(c, v), Training(c, v));
                }
            }

            Add(outer, $"{Wnid(c)}.tar", inner.ToArray());
        }

        return this;
    }

    public ImageNetFiles TrainFolders()
    {
        for (int c = 0; c < Classes; c++)
        {
            for (int v = 0; v < TrainingEach; v++)
            {
                Add($"train/{Wnid(c)}/{TrainingName(c, v)}", Training(c, v));
            }
        }

        return this;
    }

    public ImageNetFiles ValTar()
    {
        using FileStream file = File.Create(Path.Combine(Root, Val));
        using TarWriter writer = new(file, TarEntryFormat.Ustar);
        for (int n = 1; n <= ValidationCount; n++)
        {
            Add(writer, ValidationName(n), Validation(n));
        }

        return this;
    }

    /// <summary>The validation pictures in a folder, or in class folders in it.</summary>
    public ImageNetFiles ValFolder(bool sorted)
    {
        for (int n = 1; n <= ValidationCount; n++)
        {
            Add($"val/{(sorted ? $"{Wnid(ClassOf(n))}/" : "")}{ValidationName(n)}", Validation(n));
        }

        return this;
    }

    /// <summary>The devkit, as an archive or unpacked.</summary>
    public ImageNetFiles Devkit(bool unpacked = false, string? truth = null, byte[]? meta = null)
    {
        (string Name, byte[] Content)[] files =
        [
            ("readme.txt", "The development kit."u8.ToArray()), ("evaluation/demo.m", new byte[3000]),
            ("data/ILSVRC2012_validation_ground_truth.txt", Encoding.ASCII.GetBytes(truth ?? Truth())), ("data/meta.mat", meta ?? Meta()),
        ];
        if (unpacked)
        {
            Array.ForEach(files, f => Add($"{DevkitFolder}/{f.Name}", f.Content));
            return this;
        }

        using FileStream file = File.Create(Path.Combine(Root, DevkitArchive));
        using GZipStream zip = new(file, CompressionLevel.Fastest);
        using TarWriter writer = new(zip, TarEntryFormat.Gnu);
        writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, $"{DevkitFolder}/data/"));
        Array.ForEach(files, f => writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, $"{DevkitFolder}/{f.Name}") { DataStream = new MemoryStream(f.Content) }));
        return this;
    }

    public ImageNetFiles SynsetWords() =>
        Add(Words, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Classes).Select(c => $"{Wnid(c)} {WordsOf(c)}\n"))));

    public ImageNetFiles List() => Add(
        NamesAndWnids, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, ValidationCount).Select(n => $"{ValidationName(n)} {Wnid(ClassOf(n))}\n"))));

    /// <summary>What the class is called.</summary>
    public static string WordsOf(int c) => c == 0 ? "tench, Tinca tinca" : c == 1 ? "café, coffeehouse" : string.Create(CultureInfo.InvariantCulture, $"thing {c}, other name");

    /// <summary>The ground truth: an id a line.</summary>
    public string Truth() => string.Concat(Enumerable.Range(1, ValidationCount).Select(n => string.Create(CultureInfo.InvariantCulture, $"{IdOf(ClassOf(n))}\n")));

    /// <summary>meta.mat: the classes by their ids, then inner nodes of the tree with ids above 1000.</summary>
    public byte[] Meta()
    {
        object[][] leaves = [.. Enumerable.Range(0, Classes).OrderBy(IdOf)
            .Select(c => (object[])[IdOf(c), Wnid(c), WordsOf(c), "a gloss", 0, Array.Empty<int>(), 0, TrainingEach])];
        object[][] inner = [.. Enumerable.Range(1, 5).Select(i => (object[])[1000 + i, $"n9999999{i}", "entity", "that which is", 2, new[] { i, i + 5 }, i, 0])];
        return MatFileWriter.Write("synsets", Fields, [.. leaves, .. inner]);
    }

    /// <summary>Adds any file.</summary>
    public ImageNetFiles Add(string relative, byte[] content)
    {
        string path = Path.Combine(Root, relative);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return this;
    }

    private static string TrainingName(int c, int v) => string.Create(CultureInfo.InvariantCulture, $"{Wnid(c)}_{(v * 31) + 2}.JPEG");

    private static void Add(TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });

    private byte[] Training(int c, int v) => picture(c, (c * TrainingEach) + v);

    private byte[] Validation(int n) => picture(ClassOf(n), (Classes * TrainingEach) + n);
}
