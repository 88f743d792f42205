using System.CommandLine;
using System.Globalization;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Tensors;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify dataset stats.</summary>
internal static class DatasetStatsCommand
{
    private const double Unit = 255.0 * 255.0;

    private const string Help =
        """
        Mean image, channel means and deviations, and the principal components of the colours, over the training images in the crop of evaluation.

        Example: rectify dataset stats photos/ --size 224 --out photos.stats.safetensors
        Then:    rectify train --data photos/ --stats photos.stats.safetensors
        All values are on the scale 0..255.
        """;

    public static Command Create()
    {
        Argument<string> path = new("PATH") { Description = "What --data of rectify train will be." };
        Option<string?> validation = new("--val") { Description = "What --val of rectify train will be: it decides which images are for training.", HelpName = "PATH|none|split" };
        Option<int?> size = new("--size") { Description = "Crop in pixels (default 32 for images under 96 pixels, else 224).", HelpName = "N" };
        Option<int?> samples = new("--samples") { Description = "Read at most so many images, evenly spread over the set (default: all).", HelpName = "N" };
        Option<string?> file = new("--out") { Description = "Write a safetensors file for rectify train --stats.", HelpName = "FILE" };
        Option<int> workers = DatasetCheckCommand.Workers();
        Option<bool> json = new("--json") { Description = "Print one JSON object on standard output." };
        Command command = new("stats", Help) { path, validation, size, samples, file, workers, json };
        command.SetAction(result =>
        {
            if (result.GetValue(samples) is < 1 || result.GetValue(size) is < 1 or > 4096)
            {
                throw new UsageException($"--samples {result.GetValue(samples)} --size {result.GetValue(size)}: at least 1, and a size of at most 4096.");
            }

            string? target = result.GetValue(file) is { } named ? OutputFile.Prepare(file.Name, named) : null;
            string data = result.GetValue(path)!;
            using PhotoDecoder decoder = new();
            int crop = result.GetValue(size) ?? DataSource.DefaultCrop(data, decoder, result.InvocationConfiguration.Error);
            string other = result.GetValue(validation) ?? DataSource.DefaultValidation(data);
            IDataset training = DataSource.OpenTraining(data, other, crop, decoder, result.InvocationConfiguration.Error);
            CountProgress progress = new(result.InvocationConfiguration.Error, "read");
            StatisticsOptions options = new() { Samples = result.GetValue(samples) ?? int.MaxValue, Threads = DatasetCheckCommand.Count(result, workers) };
            DatasetStatistics statistics = DatasetStatistics.Compute(training, crop, new Preprocessing(crop).EvaluationScale, options, progress.Report);
            if (target is not null)
            {
                statistics.Save(target);
            }

            Print(result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output, statistics, training.Count, result.GetValue(file));
            if (result.GetValue(json))
            {
                Json(result.InvocationConfiguration.Output, statistics);
            }

            return CommandTree.Done;
        });
        return command;
    }

    private static void Print(TextWriter people, DatasetStatistics s, int count, string? file)
    {
        people.WriteLine(Invariant($"{s.Images:N0} of {count:N0} training images read, crop {s.Mean.Size}×{s.Mean.Size}, ")
            + Invariant($"scale {DatasetStatistics.Scale}, fingerprint {s.Fingerprint}"));
        if (s.Unreadable > 0)
        {
            people.WriteLine(Invariant($"{s.Unreadable:N0} could not be read and are left out; rectify dataset check names them"));
        }

        people.WriteLine(Invariant($"channel means        R {s.ChannelMean[0]:F3}  G {s.ChannelMean[1]:F3}  B {s.ChannelMean[2]:F3}"));
        people.WriteLine(Invariant($"standard deviations  R {s.ChannelStd[0]:F3}  G {s.ChannelStd[1]:F3}  B {s.ChannelStd[2]:F3}"));
        for (int i = 0; i < 3; i++)
        {
            people.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"component {i + 1}  λ {s.Eigenvalues[i]:F3} on 0..255, {s.Eigenvalues[i] / Unit:G6} on 0..1 (the factor is 255²)  "
                + $"R {s.Eigenvectors[i, 0]:F4}  G {s.Eigenvectors[i, 1]:F4}  B {s.Eigenvectors[i, 2]:F4}"));
        }

        if (file is not null)
        {
            people.WriteLine($"written: {file}     use it with: rectify train --stats {file}");
        }
    }

    private static void Json(TextWriter output, DatasetStatistics s) => JsonLine.Write(output, j =>
    {
        j.WriteString("scale", DatasetStatistics.Scale);
        j.WriteString("fingerprint", s.Fingerprint);
        j.WriteNumber("images", s.Images);
        j.WriteNumber("unreadable", s.Unreadable);
        j.WriteNumber("size", s.Mean.Size);
        foreach ((string name, IReadOnlyList<double> values) in ((string, IReadOnlyList<double>)[])
            [("channelMean", s.ChannelMean), ("channelStd", s.ChannelStd), ("eigenvalues", s.Eigenvalues), ("eigenvalues0To1", [.. s.Eigenvalues.Select(v => v / Unit)])])
        {
            j.WriteStartArray(name);
            values.ToList().ForEach(j.WriteNumberValue);
            j.WriteEndArray();
        }

        j.WriteStartArray("eigenvectors");
        for (int i = 0; i < 3; i++)
        {
            j.WriteStartArray();
            for (int c = 0; c < 3; c++)
            {
                j.WriteNumberValue(s.Eigenvectors[i, c]);
            }

            j.WriteEndArray();
        }

        j.WriteEndArray();
    });
}
