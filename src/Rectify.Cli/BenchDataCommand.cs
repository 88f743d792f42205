using System.CommandLine;
using Rectify.Benchmarks;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Kernels.Benchmarks;
using Rectify.Tensors;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify bench data.</summary>
internal static class BenchDataCommand
{
    private const string Help =
        """
        Times how training gets its pictures: read, decode, resize to a random scale, crop, flip, alter colours, subtract the mean; and decoding alone beside it,
        of whole pictures from memory on as many threads.

        Example: rectify bench data --data photos/
        Example: rectify bench data --data photos/ --workers 1 --scale 256,512 --colour 0
        """;

    public static Command Create(Func<Stream> input)
    {
        Option<string> data = new("--data") { Description = "Training images, as rectify train has them.", Required = true, HelpName = "PATH" };
        Option<int> size = new("--size") { Description = "Crop in pixels.", DefaultValueFactory = _ => 224, HelpName = "N" };
        Option<int> workers = new("--workers") { Description = "Threads that read pictures.", DefaultValueFactory = EngineOptions.AllCores, HelpName = "N" };
        Option<int> batch = new("--batch") { Description = "Crops of a batch.", DefaultValueFactory = _ => 128, HelpName = "N" };
        Option<int> images = new("--images") { Description = "Pictures of a run, evenly spread over the set.", DefaultValueFactory = _ => 512, HelpName = "N" };
        Option<double> seconds = new("--seconds") { Description = "Measure for about so long, and at least three runs.", DefaultValueFactory = _ => 10.0, HelpName = "S" };
        Option<bool> decode = new("--decode-only") { Description = "With --server: decode alone, and nothing else." };
        Option<bool> server = new("--server") { Description = "Stay: read a number of runs a line, print the seconds they took and the processor time." };
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        AugmentationOptions augmentation = new();
        Command command = new("data", Help) { data, size, workers, batch, images, seconds, decode, server, json };
        foreach (Option option in augmentation.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(result =>
        {
            int crop = result.GetValue(size);
            UsageException.Require(crop is >= 1 and <= 4096, $"--size {crop}: choose 1 to 4096.");
            UsageException.Require(result.GetValue(workers) is >= 1 and <= 1024, $"--workers {result.GetValue(workers)}: choose between 1 and 1024.");
            UsageException.Require(result.GetValue(batch) is >= 1 and <= 1 << 16, $"--batch {result.GetValue(batch)}: choose 1 to {1 << 16}.");
            UsageException.Require(result.GetValue(images) >= 1, $"--images {result.GetValue(images)}: choose 1 or more.");
            UsageException.Require(result.GetValue(seconds) is > 0 and <= 86400, $"--seconds {result.GetValue(seconds)}: choose a number above 0, such as 10.");
            GivenOptions.Refuse(result, "is for a benchmark that stays: give --server too.", result.GetValue(server) ? [] : [decode]);
            (Augmentation how, string mean) = augmentation.Read(result, new Augmentation { ColourSigma = Augmentation.PaperColourSigma }, "per-pixel");
            how.Validate(crop);
            using PhotoDecoder decoder = new();
            string path = result.GetValue(data)!;
            IDataset training = DataSource.OpenTraining(path, DataSource.None, crop, decoder);
            SampleTransform transform = new Preprocessing(crop).Training(Mean(crop, mean), how, how.ColourSigma > 0 ? Colour(how.ColourSigma) : null);
            DataBenchmarkOptions options = new() { Images = result.GetValue(images), Batch = result.GetValue(batch), Workers = result.GetValue(workers) };
            using DataBenchmark benchmark = new(training, transform, decoder, options);
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(server))
            {
                UsageException.Require(benchmark.CanDecodeAlone || !result.GetValue(decode), $"--decode-only: the pictures of {path} are no files.");
                Func<double> run = result.GetValue(decode) ? benchmark.Decode : benchmark.Pipeline;
                Repetition.WarmUp(TimeSpan.FromSeconds(1), 1, () => run());
                BenchServer.Serve(input(), output, $"{benchmark.Images} pictures", run);
                return;
            }

            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : output;
            DataMeasurement m = benchmark.Measure(TimeSpan.FromSeconds(result.GetValue(seconds)));
            Print(people, benchmark, transform, options, m);
            if (result.GetValue(json))
            {
                Json(output, benchmark, crop, options, m);
            }
        });
        return command;
    }

    private static void Print(TextWriter people, DataBenchmark benchmark, SampleTransform transform, DataBenchmarkOptions options, DataMeasurement m)
    {
        string scales = transform is ResizeCropFlip jitter ? $"from shorter sides of {jitter.ScaleMin} to {jitter.ScaleMax}" : "padded";
        string threads = options.Workers == 1 ? "1 thread" : Invariant($"{options.Workers} threads");
        people.WriteLine(Invariant($"{benchmark.Images} pictures a run, {transform.Size}×{transform.Size} crops {scales}, batches of {options.Batch}, ")
            + Invariant($"{(transform.Colour is null ? "colours as they are" : "colours altered")}, {threads}, medians of {m.Runs}"));
        if (m.DecodedPerSecond is { } decoded)
        {
            people.WriteLine(Invariant($"decoding alone, whole: {decoded:F0} images/s"));
        }

        string share = m.Share is { } s ? Invariant($", {100 * s:F1} % of decoding alone") : "";
        people.WriteLine(Invariant($"all of it: {m.ImagesPerSecond:F0} images/s{share}"));
    }

    private static void Json(TextWriter output, DataBenchmark benchmark, int crop, DataBenchmarkOptions options, DataMeasurement m) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("imagesPerSecond", m.ImagesPerSecond);
        if (m.DecodedPerSecond is { } decoded)
        {
            json.WriteNumber("decodedPerSecond", decoded);
            json.WriteNumber("share", m.Share!.Value);
        }

        json.WriteNumber("workers", options.Workers);
        json.WriteNumber("batch", options.Batch);
        json.WriteNumber("size", crop);
        json.WriteNumber("images", benchmark.Images);
        json.WriteNumber("runs", m.Runs);
    });

    // Speed does not depend on the values: those of natural pictures.
    private static MeanImage Mean(int size, string kind)
    {
        MeanImage mean = new(size, MeanKind.PerChannel, [123.7f, 116.3f, 103.5f]);
        return kind == "per-channel" ? mean : new MeanImage(size, MeanKind.PerPixel, mean.Values);
    }

    private static ColourShift Colour(double sigma) => new(
        [14_000, 1_200, 300], new double[,] { { 0.57, 0.58, 0.58 }, { 0.72, 0.0, -0.69 }, { -0.40, 0.81, -0.42 } }, sigma);
}
