using System.CommandLine;
using Rectify.Data;
using Rectify.Imaging;
using Rectify.Tensors;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>rectify dataset pack.</summary>
internal static class DatasetPackCommand
{
    private const string Jpeg = "jpeg";
    private const string Raw = "raw";

    private const string Help =
        """
        Packs a data set into plain tars of class folders, with larger pictures made smaller once: for slow disks and large photos.

        Example: rectify dataset pack photos/ --out packed/
        Then:    rectify train --data packed/
        Packing that was interrupted goes on where it was. A set in parts becomes a set in parts. --format raw takes about twenty times the space, and needs no decoding.
        Exit code: 0 where all pictures are packed, 1 where some could not be read; they are named and left out.
        """;

    public static Command Create()
    {
        Argument<string> path = new("PATH") { Description = "The data set: what --data of rectify train would be." };
        Option<string> target = new("--out") { Description = "The folder for the pack.", Required = true, HelpName = "FOLDER" };
        Option<int> scale = new("--scale")
        {
            Description = "The shorter side of pictures that are larger; smaller ones stay.",
            DefaultValueFactory = _ => PackOptions.DefaultScale,
            HelpName = "N",
        };
        Option<string> format = new("--format")
        {
            Description = $"{Jpeg} (quality 95; files that need not be made smaller stay as they are) or {Raw} (PPM).",
            DefaultValueFactory = _ => Jpeg,
            HelpName = "NAME",
        };
        Option<int> shard = new("--shard-mb") { Description = "About how many MB (10⁶ bytes) a tar has at the most.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        Option<int> workers = DatasetCheckCommand.Workers();
        Option<bool> json = new("--json") { Description = "Print one JSON object as the last line of standard output." };
        Command command = new("pack", Help) { path, target, scale, format, shard, workers, json };
        command.SetAction(result =>
        {
            string data = result.GetValue(path)!;
            (int side, int megabytes) = (result.GetValue(scale), result.GetValue(shard));
            if (DataSource.IsBuiltin(data))
            {
                throw new UsageException("The built-in pictures are drawn when they are needed; name a data set of your own.");
            }

            if (side is < 1 or > 1 << 14 || megabytes is < 1 or > 1_000_000)
            {
                throw new UsageException($"--scale {side} --shard-mb {megabytes}: choose a scale from 1 to {1 << 14} and shards of 1 to 1000000 MB.");
            }

            IImageEncoder encoder = result.GetValue(format) switch
            {
                Jpeg => new TurboJpegEncoder(),
                Raw => new PpmCodec(),
                { } other => throw new UsageException($"--format {other}: choose {Jpeg} or {Raw}."),
                null => throw new UsageException($"--format: choose {Jpeg} or {Raw}."),
            };
            PackOptions options = new() { Scale = side, Encoder = encoder, ShardBytes = 1_000_000L * megabytes, Threads = DatasetCheckCommand.Count(result, workers) };
            using StopSignals stop = new(result.InvocationConfiguration.Error, () => "Stopping; whole tars stay, and the same command goes on with the others.");
            using PhotoDecoder decoder = new();
            DatasetLayout layout = DatasetLayout.Find(data);
            TextWriter people = result.GetValue(json) ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
            List<PackResult> results = [];
            foreach (DatasetPart part in layout.Parts)
            {
                string folder = Path.Combine(result.GetValue(target)!, NameOf(part));
                IDataset images = layout.Open(part, decoder);
                using (images as IDisposable)
                {
                    CountProgress progress = new(result.InvocationConfiguration.Error, $"{layout.PathOf(part)}: packed");
                    PackResult packed = DatasetPack.Write(images, folder, options, progress.Report, stop.Token);
                    results.Add(packed);
                    Print(people, result.InvocationConfiguration.Error, folder, packed);
                }
            }

            if (result.GetValue(json))
            {
                Json(result.InvocationConfiguration.Output, results);
            }

            return results.All(r => r.Unreadable.Count == 0) ? CommandTree.Done : CommandTree.Failed;
        });
        return command;
    }

    private static string NameOf(DatasetPart part) => part switch
    {
        DatasetPart.Training => "train",
        DatasetPart.Validation => "validation",
        DatasetPart.Test => "test",
        _ => "",
    };

    private static void Print(TextWriter people, TextWriter errors, string folder, PackResult packed)
    {
        string kept = packed.Kept > 0 ? Invariant($", {packed.Kept} of which were there already") : "";
        people.WriteLine(Invariant($"{folder}: {packed.Images:N0} pictures, {packed.Bytes / 1e6:N0} MB in {packed.Shards} {(packed.Shards == 1 ? "tar" : "tars")}{kept}"));
        foreach (SampleFailure failure in packed.Unreadable)
        {
            errors.WriteLine(failure.Reason);
        }

        if (packed.Unreadable.Count > 0)
        {
            errors.WriteLine(Invariant($"{packed.Unreadable.Count} of {packed.Images + packed.Unreadable.Count} pictures could not be read and are not in {folder}."));
        }
    }

    private static void Json(TextWriter output, List<PackResult> results) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("images", results.Sum(r => r.Images));
        json.WriteNumber("bytes", results.Sum(r => r.Bytes));
        json.WriteNumber("shards", results.Sum(r => r.Shards));
        json.WriteStartArray("unreadable");
        foreach (SampleFailure failure in results.SelectMany(r => r.Unreadable))
        {
            json.WriteStringValue(failure.Name);
        }

        json.WriteEndArray();
    });
}
