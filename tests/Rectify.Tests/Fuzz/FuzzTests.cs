using System.Formats.Tar;
using System.Text;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Formats;
using Rectify.Imaging;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Evaluation;
using Rectify.Tests.Fixtures;
using Rectify.Tests.Imaging;
using Rectify.Training;

namespace Rectify.Tests.Fuzz;

/// <summary>Twenty thousand mutated files: each is read or refused with a sentence, in bounded memory.</summary>
public sealed class FuzzTests
{
    private const int Trials = 10_000;

    // Of each kind of files that people send each other.
    private const int ExchangeTrials = 5_000;

    // More than any of these small files may take to be read.
    private const long MostAllocated = 64L << 20;

    public static TheoryData<string> Kinds() =>
        ["jpeg", "png", "tar", "imagenet", "matlab", "cifar", "csv", "safetensors", "checkpoint", "statistics", "scores", "recipe", "npy", "import", "onnx"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_MutatedFile_IsReadOrRefusedWithASentence(string kind)
    {
        using TemporaryFolder folder = new();
        using PhotoDecoder decoder = new();
        Assert.SkipUnless(kind != "jpeg" || TurboJpegDecoder.IsAvailable, "libjpeg-turbo is not installed");
        Assert.SkipUnless(kind != "png" || SpngDecoder.IsAvailable, "libspng is not installed");
        using Subject subject = new(folder, decoder, kind);
        (string Name, byte[] Bytes)[] corpus = subject.Corpus();
        Assert.NotEmpty(corpus);
        foreach ((string name, byte[] bytes) in corpus)
        {
            Assert.True(bytes.Length > 16, $"{name} is too small to be worth mutating");
            subject.Read(name, bytes);
        }

        // The narrower passes run the same code: some trials will do there.
        int trials = (kind is "onnx" or "safetensors" ? ExchangeTrials : Trials / Kinds().Count) / (IsaDetection.Widest == Isa.V512 ? 1 : 10);
        int read = 0;
        int refused = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            (string name, byte[] whole) = corpus[trial % corpus.Length];
            RandomStream random = new(11, RandomPurpose.Testing, 0, (ulong)trial);
            byte[] bytes = Mutation.Of(whole, ref random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                subject.Read(name, bytes);
                read++;
            }
            catch (RectifyException e)
            {
                refused++;
                Assert.False(string.IsNullOrWhiteSpace(e.Message) || e.Message.Contains("\n   at ", StringComparison.Ordinal), e.Message);
            }
            catch (Exception e) when (e is not RectifyException)
            {
                Assert.Fail($"{kind}, trial {trial} of seed 11, {name}: {e}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostAllocated, $"{kind}, trial {trial} of seed 11, {name}: {allocated} bytes");
        }

        Assert.True(refused > trials / 20, $"only {refused} of {trials} mutated files were refused: the mutations do not reach the reader");
        Assert.Equal(trials, read + refused);
    }

    private sealed class Subject : IDisposable
    {
        private readonly TemporaryFolder _folder;
        private readonly PhotoDecoder _decoder;
        private readonly string _kind;
        private readonly Network _network;
        private readonly MomentumOptimizer _optimizer;

        public Subject(TemporaryFolder folder, PhotoDecoder decoder, string kind)
        {
            (_folder, _decoder, _kind) = (folder, decoder, kind);
            _ = folder.Add("batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n"u8.ToArray());
            _network = Small.BuildNetwork();
            _optimizer = new MomentumOptimizer(_network, Small.Training);
        }

        private static Recipe Small { get; } = new() { Classes = ["a", "b"], Width = 0.02, Size = 16 };

        public (string Name, byte[] Bytes)[] Corpus() => _kind switch
        {
            "jpeg" => [.. Pictures(".jpg")],
            "png" => [.. Pictures(".png")],
            "tar" => [("data.tar", Tar())],
            "imagenet" => [("ILSVRC2012_img_train.tar", NestedTar())],
            "matlab" => [("meta.mat", new ImageNetFiles("unused", (_, _) => []) { Classes = 10 }.Meta())],
            "cifar" => [("data_batch_1.bin", Cifar())],
            "csv" => [("data.csv", Encoding.UTF8.GetBytes("path,label\n\"a/1.jpg\",a\n\"b, or c/2.jpg\",\"b\"\"c\"\na/3.jpg,a\nb/4.jpg,b\n"))],
            "safetensors" => [("a.safetensors", Written(path => AtomicFile.Write(path, Tensors().Write)))],
            "checkpoint" =>
            [
                ("w.safetensors", Written(path => Checkpoint.SaveWeights(path, _network, MeanImage.Zero(16), TrainingPosition.Start))),
                ("w.state.safetensors", Written(path => Checkpoint.SaveState(path, _network, _optimizer, TrainingPosition.Start, "x"))),
            ],
            "statistics" => [("s.safetensors", Written(path => DatasetStatistics.Compute(new RenderedDataset(20, 16, 1), 16, 16, new StatisticsOptions()).Save(path)))],
            "scores" => [("a.scores.safetensors", Scores()), ("b.scores.safetensors", WithoutChecksum(Scores()))],
            "recipe" => [("recipe.json", Written(Small.Save))],
            "import" => [("i.safetensors", WithoutChecksum(Exported(TensorNaming.Rectify))), ("t.safetensors", WithoutChecksum(Exported(TensorNaming.Torchvision)))],
            "npy" =>
            [
                ("a.npy", Written(path => NpyFile.Write(path, NpyArray.Of([1f, 2f, 3f, 4f], 2, 2)))),
                ("b.npy", Written(path => NpyFile.Write(path, NpyArray.Of([1L, 2L], 2)))),
            ],
            "onnx" => [("a.onnx", Written(path => OnnxFile.Write(path, OnnxModels.Small()))), ("b.onnx", Written(path => OnnxFile.Write(path, OnnxModels.Pyramid())))],
            _ => throw new ArgumentException(_kind),
        };

        public void Read(string name, byte[] bytes)
        {
            string path = _folder.At(name);
            if (_kind is not ("jpeg" or "png"))
            {
                File.WriteAllBytes(path, bytes);
            }

            switch (_kind)
            {
                case "jpeg" or "png":
                    _ = _decoder.Describe(bytes, name);
                    Assert.True(_decoder.Decode(bytes, name).Pixels.Length > 0);
                    break;
                case "tar" or "cifar" or "csv":
                    ReadAll(ImageFolder.Open(path, _decoder));
                    break;
                case "imagenet":
                    ReadAll(new ImageNetTraining(path, _decoder, new IndexingOptions { Cached = false }));
                    break;
                case "matlab":
                    _ = SynsetTable.Read(bytes, name);
                    break;
                case "safetensors":
                    ReadTensors(path);
                    break;
                case "checkpoint" when name.Contains("state", StringComparison.Ordinal):
                    _ = Checkpoint.LoadState(path, _network, _optimizer);
                    break;
                case "checkpoint":
                    _ = Checkpoint.LoadWeights(path, _network);
                    break;
                case "scores":
                    _ = ScoreFile.Load(path);
                    break;
                case "import":
                    WeightsImport.Read(path, new ImportOptions()).Dispose();
                    break;
                case "npy":
                    _ = NpyFile.Read(path).ToFloats();
                    break;
                case "onnx":
                    OnnxModels.RunAndConvert(OnnxFile.Read(path));
                    break;
                case "statistics":
                    _ = DatasetStatistics.Load(path);
                    break;
                default:
                    Recipe.Load(path).BuildNetwork().Dispose();
                    break;
            }
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _network.Dispose();
        }

        // A picture that cannot be read is refused by itself; the set goes on.
        private static void ReadAll(IDataset data)
        {
            using (data as IDisposable)
            {
                for (int i = 0; i < data.Count; i++)
                {
                    try
                    {
                        _ = data.Read(i);
                    }
                    catch (RectifyException e)
                    {
                        Assert.False(string.IsNullOrWhiteSpace(e.Message));
                    }
                }
            }
        }

        private static void ReadTensors(string path)
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (SafetensorsEntry entry in file.Entries)
            {
                file.Read(entry.Name, new float[entry.Count]);
            }
        }

        private static SafetensorsWriter Tensors()
        {
            SafetensorsWriter writer = new();
            writer.AddMetadata("format", "test");
            writer.Add("a", [2, 3], values => values.Fill(1));
            writer.Add("b", [4], values => values.Fill(2));
            return writer;
        }

        private byte[] Exported(TensorNaming naming) =>
            Written(path => WeightsExport.Write(path, new TrainedNetwork(Small, _network, MeanImage.Zero(16), "best"), naming));

        private byte[] Scores() => Written(path => ScoreFile.Save(RandomScores.Table(12, 4, 1), path));

        // Else the checksum would refuse nearly everything, and what reads behind it would go untested.
        private static byte[] WithoutChecksum(byte[] file)
        {
            int at = file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(SafetensorsChecksum.Key));
            file[at] = (byte)'S';
            return file;
        }

        private static (string, byte[])[] Pictures(string extension) =>
            [.. RecordedPictureTests.AllNames.Where(name => name.EndsWith(extension, StringComparison.Ordinal)).Select(name => (name, RecordedPictureTests.FileOf(name)))];

        private static byte[] Tar()
        {
            using MemoryStream memory = new();
            using (TarWriter writer = new(memory, TarEntryFormat.Pax, leaveOpen: true))
            {
                foreach ((string name, byte[] bytes) in Pictures(".jpg").Take(4).Select((picture, i) => ($"{(i % 2 == 0 ? "a" : "b")}/{picture.Item1}", picture.Item2)))
                {
                    writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
                }
            }

            return memory.ToArray();
        }

        // Little pictures, so that mutations reach the headers.
        private byte[] NestedTar()
        {
            ImageNetFiles files = new(_folder.At("nested"), (c, number) => [(byte)c, (byte)number]) { Classes = 3, TrainingEach = 2 };
            return File.ReadAllBytes(Path.Combine(files.TrainTar().Root, ImageNetFiles.Train));
        }

        private static byte[] Cifar()
        {
            byte[] bytes = new byte[4 * 3073];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = i % 3073 == 0 ? (byte)(i / 3073) : (byte)i;
            }

            return bytes;
        }

        private byte[] Written(Action<string> save)
        {
            string path = _folder.At("original");
            save(path);
            return File.ReadAllBytes(path);
        }
    }
}
