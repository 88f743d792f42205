using Rectify.Data;
using Rectify.Inference;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Inference;

/// <summary>A run with a small network that has only been initialized, and a decoder that needs no codec: a file is the index of a built-in picture.</summary>
internal sealed class TinyRun : IDisposable
{
    public const int Crop = 16;
    public const int Pictures = 40;

    private readonly TemporaryFolder _folder = new();

    /// <param name="spoil">What is done to the parameters before they are saved.</param>
    public TinyRun(Action<Network>? spoil = null)
    {
        Recipe recipe = new() { Width = 0.1, Size = Crop, Classes = new RenderedDataset(1, Crop, 1).Classes };
        using Network network = recipe.BuildNetwork();
        Initializer.Apply(network, new InitializationOptions { PaperLinear = false }, 1);
        spoil?.Invoke(network);
        RunFolder run = RunFolder.Keep(_folder.At("run"), recipe, network, Mean);
        CheckpointPath = run.Checkpoints.WeightsPath(CheckpointFolder.Best);
    }

    public static MeanImage Mean { get; } =
        new(Crop, MeanKind.PerPixel, [.. Enumerable.Range(0, 3 * Crop * Crop).Select(i => 100f + (i % 50))]);

    public string Path => _folder.At("run");

    public string CheckpointPath { get; }

    public TemporaryFolder Folder => _folder;

    public Classifier Load(ClassifierOptions? options = null) => Classifier.Load(Path, new IndexDecoder(), options);

    public static RgbImage Picture(int index) => IndexDecoder.Data.Read(index);

    /// <summary>Answers with all classes, one picture at a time on one thread.</summary>
    public IReadOnlyList<Prediction>[] Alone()
    {
        using Classifier classifier = Load(new ClassifierOptions { Top = 10, Threads = 1, MaxBatch = 1 });
        return [.. Enumerable.Range(0, Pictures).Select(i => classifier.Classify(Picture(i)))];
    }

    public void Dispose() => _folder.Dispose();

    internal sealed class IndexDecoder : IImageDecoder
    {
        // Larger than the crop: the view has to resize.
        public static readonly RenderedDataset Data = new(Pictures, 24, 7);

        public List<int> Sides { get; } = [];

        public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0)
        {
            lock (Sides)
            {
                Sides.Add(shorterSide);
            }

            return file.Length == 1 ? Data.Read(file[0]) : throw new RectifyException($"{name} is not one byte long.");
        }

        public ImageDescription Describe(ReadOnlySpan<byte> file, string name) => new("index", 24, 24, "RGB", 8, 1);
    }
}
