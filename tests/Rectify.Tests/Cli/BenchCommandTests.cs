using System.Globalization;
using System.Text;
using System.Text.Json;
using Rectify.Benchmarks;
using Rectify.Cli;
using Rectify.Tests.Data;
using static Rectify.Tests.Cli.CommandRun;

namespace Rectify.Tests.Cli;

public sealed class BenchCommandTests
{
    [Theory]
    [InlineData("step")]
    [InlineData("infer")]
    public void BenchNetwork_Json_SaysWhatWasReachedAndWhereTheTimeWent(string verb)
    {
        (int code, string output, string errors) = Run(
            null, "bench", verb, "--model", "small14", "--width", "0.1", "--size", "32", "--batch", "5", "--classes", "10", "--seconds", "0.1", "--layers", "--json");
        Assert.True(code == 0, errors);
        JsonElement result = JsonDocument.Parse(output.TrimEnd()).RootElement;
        Assert.Equal("small14", result.GetProperty("model").GetString());
        Assert.Equal(5, result.GetProperty("batch").GetInt32());
        double seconds = result.GetProperty("secondsPerStep").GetDouble();
        Assert.Equal(5 / seconds, result.GetProperty("imagesPerSecond").GetDouble(), 1e-9 / seconds);
        Assert.InRange(seconds, result.GetProperty("leastSeconds").GetDouble(), result.GetProperty("mostSeconds").GetDouble());
        Assert.True(result.GetProperty("steps").GetInt32() >= 3);
        Assert.True(result.GetProperty("peakMemoryBytes").GetInt64() > result.GetProperty("expectedMemoryBytes").GetInt64());
        foreach (string name in (string[])["gigaflops", "peakGigaflops", "copyGigabytesPerSecond"])
        {
            Assert.True(result.GetProperty(name).GetDouble() > 0, name);
        }

        JsonElement[] parts = [.. result.GetProperty("layers").EnumerateArray()];
        string[] names = [.. parts.Select(part => $"{part.GetProperty("step").GetString()} {part.GetProperty("pass").GetString()}")];
        Assert.Equal(names.Distinct(), names);
        Assert.Contains("conv3_6 forward", names);
        Assert.Contains("network load-batch", names);
        Assert.All(parts, part => Assert.True(part.GetProperty("gigabytes").GetDouble() > 0));

        // A step has all passes of a layer, but no gradient of the photo; inference has the way forward alone.
        Assert.Equal(verb == "step", names.Contains("conv3_6 backward-data"));
        Assert.Equal(verb == "step", names.Contains("conv1 backward-filter"));
        Assert.Equal(verb == "step", names.Contains("network update"));
        Assert.DoesNotContain("conv1 backward-data", names);

        // Each part's operations are counted once: forward they sum up to the network's, and to three times that in a step but for the photo's gradient.
        double forward = Sum(parts, "forward");
        double all = result.GetProperty("gigaflops").GetDouble() * seconds;
        double photo = parts.Single(part => Is(part, "conv1", "forward")).GetProperty("gigaflop").GetDouble();
        Assert.Equal(all, verb == "step" ? 3 * forward : forward, 1e-9 * all);
        if (verb == "step")
        {
            // The gradients of large fully connected layers are multiplied out in the update.
            Assert.Equal(forward, Sum(parts, "backward-filter") + Sum(parts, "update"), 1e-9 * forward);
            Assert.Equal(forward - photo, Sum(parts, "backward-data"), 1e-9 * forward);
        }
    }

    [Fact]
    public void BenchDense_SmallModel_CountsWindowsAndParts()
    {
        (int code, string output, string errors) = Run(
            null, "bench", "dense", "--model", "small14", "--width", "0.1", "--size", "32", "--classes", "10",
            "--photo", "60,45", "--scales", "32,40", "--seconds", "0.1", "--json");
        Assert.True(code == 0, errors);
        JsonElement result = LastLine(output);

        // Photos of 42×32 and 53×40, whose maps have 10×8 and 13×10 pixels: windows of 8×8, 3 and 18 of them, and of the mirror image.
        Assert.Equal(42, result.GetProperty("windows").GetInt32());
        foreach (string part in (string[])["input", "convolution", "pooling", "fullyConnected"])
        {
            Assert.True(result.GetProperty($"{part}Seconds").GetDouble() > 0, part);
        }

        double ratio = 42 * result.GetProperty("cropSeconds").GetDouble() / result.GetProperty("seconds").GetDouble();
        Assert.Equal(ratio, result.GetProperty("ratio").GetDouble(), 1e-9 * ratio);
        Assert.Contains("times longer", errors, StringComparison.Ordinal);
        Assert.Equal(2, Run(null, "bench", "dense", "--photo", "60").Code);
    }

    [Fact]
    public void BenchStep_WithoutJson_PrintsTheProfileAndOneLineOfFigures()
    {
        (int code, string output, string errors) = Run(
            null, "bench", "step", "--width", "0.1", "--size", "32", "--batch", "4", "--micro-batch", "2", "--seconds", "0.1", "--layers", "--exact");
        Assert.True(code == 0, errors);
        Assert.Contains("2 at a time", output, StringComparison.Ordinal);
        Assert.Contains("backward-rectifier", output, StringComparison.Ordinal);
        Assert.Contains("images/s", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("winograd", output, StringComparison.Ordinal);
    }

    [Fact]
    public void BenchScaling_Json_ReckonsEachNumberOfCores()
    {
        (int code, string output, string errors) = Run(
            null, "bench", "scaling", "--model", "small14", "--width", "0.1", "--size", "32", "--batch", "4", "--cores", "8,1", "--runs", "1", "--json");
        Assert.True(code == 0, errors);
        JsonElement[] points = [.. JsonDocument.Parse(output.TrimEnd()).RootElement.GetProperty("cores").EnumerateArray()];
        Assert.Equal([1, 8], points.Select(point => point.GetProperty("cores").GetInt32()));

        // One core waits for nobody.
        Assert.Equal(points[0].GetProperty("workSeconds").GetDouble(), points[0].GetProperty("secondsPerStep").GetDouble(), 1e-12);
        Assert.True(points[1].GetProperty("unevenSeconds").GetDouble() > 0);
        Assert.True(points[1].GetProperty("secondsPerStep").GetDouble() > points[1].GetProperty("workSeconds").GetDouble() / 8);
    }

    [Fact]
    public void BenchCluster_Json_ReckonsEachSchemeOverEachLink()
    {
        (int code, string output, string errors) = Run(
            null,
            "bench", "cluster", "--model", "small14", "--width", "0.1", "--size", "32", "--batch", "4", "--nodes", "2,1", "--links", "100,1", "--cores", "8", "--json");
        Assert.True(code == 0, errors);
        JsonElement root = LastLine(output);
        double alone = root.GetProperty("secondsOnOne").GetDouble();
        JsonElement[] points = [.. root.GetProperty("points").EnumerateArray()];
        Assert.Equal(
            Enum.GetValues<ClusterScheme>().Length * 2 * 2,
            points.Select(point => (Nodes(point), Link(point), Scheme(point))).Distinct().Count());

        // One machine waits for nobody, and nothing reaches it.
        Assert.All(points.Where(point => Nodes(point) == 1), point => Assert.Equal(alone, Seconds(point), 1e-9 * alone));
        Assert.All(points.Where(point => Nodes(point) == 1), point => Assert.Equal(0, point.GetProperty("bytesIn").GetDouble()));
        Assert.All(points.Where(point => Nodes(point) == 2), point => Assert.True(point.GetProperty("bytesIn").GetDouble() > 0));

        // A faster link never makes a step longer.
        foreach (JsonElement fast in points.Where(point => Nodes(point) == 2 && Link(point) == 100))
        {
            JsonElement slow = points.Single(point => Nodes(point) == 2 && Link(point) == 1 && Scheme(point) == Scheme(fast));
            Assert.True(Seconds(fast) < Seconds(slow), $"{Scheme(fast)}: {Seconds(fast)} s, then {Seconds(slow)} s");
        }

        static int Nodes(JsonElement point) => point.GetProperty("nodes").GetInt32();
        static double Link(JsonElement point) => point.GetProperty("gigabitsPerSecond").GetDouble();
        static string? Scheme(JsonElement point) => point.GetProperty("scheme").GetString();
        static double Seconds(JsonElement point) => point.GetProperty("secondsPerStep").GetDouble();
    }

    [Fact]
    public void BenchClassify_SeveralCallers_GivesSpeedAndLatencyOfEach()
    {
        (int code, string output, string errors) = Run(
            null, "bench", "classify", "--width", "0.1", "--size", "16", "--classes", "10", "--callers", "1,3", "--max-batch", "2", "--seconds", "0.1", "--json");
        Assert.True(code == 0, errors);
        JsonElement[] rows = [.. LastLine(output).GetProperty("callers").EnumerateArray()];
        Assert.Equal([1, 3], rows.Select(row => row.GetProperty("callers").GetInt32()));
        foreach (JsonElement row in rows)
        {
            double median = row.GetProperty("medianSeconds").GetDouble();
            Assert.InRange(median, 1e-9, row.GetProperty("slowSeconds").GetDouble());
            Assert.True(row.GetProperty("pictures").GetInt32() >= row.GetProperty("callers").GetInt32());
            Assert.True(row.GetProperty("picturesPerSecond").GetDouble() > 0);
        }

        Assert.Contains("99 % below ms", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench step --width 0.1 --size 32 --batch 2 --seconds 0.1 --server")]
    [InlineData("bench infer --width 0.1 --size 32 --batch 2 --seconds 0.1 --server")]
    [InlineData("bench gemm --size 64 --server")]
    [InlineData("bench conv --shape 1,6,6,16,16 --pass backward-filter --server")]
    public void BenchServer_ANumberALine_AnswersSecondsALine(string line)
    {
        (int code, string output, string errors) = Run("1\n3\n", line.Split(' '));
        Assert.True(code == 0, errors);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("ready ", lines[0], StringComparison.Ordinal);
        double[][] answers = [.. lines[1..].Select(answer => answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        Assert.All(answers, answer => Assert.True(answer is [> 0, >= 0]));
    }

    [Fact]
    public void BenchData_PngFolder_GivesBothSpeedsAndTheirShare()
    {
        Assert.SkipUnless(Rectify.Imaging.SpngDecoder.IsAvailable, "libspng is not installed: eng/setup.sh");
        using TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
        {
            _ = folder.Add($"a/{i}.png", TestPictures.Png(40, 32, i)).Add($"b/{i}.png", TestPictures.Png(32, 40, i + 9));
        }

        string[] command = ["bench", "data", "--data", folder.Root, "--size", "16", "--scale", "18,36", "--batch", "5", "--workers", "2"];
        (int code, string output, string errors) = Run(null, [.. command, "--seconds", "0.1", "--json"]);
        Assert.True(code == 0, errors);
        JsonElement result = JsonDocument.Parse(output).RootElement;
        Assert.Equal((12, 16, 5, 2), (Number("images"), Number("size"), Number("batch"), Number("workers")));
        foreach (string name in (string[])["imagesPerSecond", "decodedPerSecond", "share"])
        {
            Assert.True(result.GetProperty(name).GetDouble() > 0, name);
        }

        (code, output, errors) = Run("2\n", [.. command, "--server", "--decode-only"]);
        Assert.True(code == 0, errors);
        Assert.StartsWith("ready 12 pictures", output, StringComparison.Ordinal);
        _ = folder.Add("a/7.png", 1, 2, 3);
        (code, _, errors) = Run(null, [.. command, "--seconds", "0.1", "--images", "100"]);
        Assert.Equal(1, code);
        Assert.Contains("7.png", errors, StringComparison.Ordinal);

        int Number(string name) => result.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("bench step --batch 0", "--batch")]
    [InlineData("bench data --data nowhere --workers 0", "--workers")]
    [InlineData("bench data --data nowhere --decode-only", "--server")]
    [InlineData("bench infer --batch 0", "--batch")]
    [InlineData("bench step --seconds nan", "--seconds")]
    [InlineData("bench infer --model resnet", "resnet")]
    [InlineData("bench step --micro-batch -1", "--micro-batch")]
    [InlineData("bench gemm --size 64 --server", "'many'")]
    [InlineData("bench classify --callers 0", "--callers")]
    [InlineData("bench classify --run x --model a", "--model")]
    [InlineData("bench classify --max-batch 0", "--max-batch")]
    [InlineData("bench scaling --cores 0", "--cores")]
    [InlineData("bench cluster --nodes 0", "--nodes")]
    [InlineData("bench cluster --batch 16 --nodes 32", "from 1 to the 16 images")]
    [InlineData("bench cluster --links 25;100", "--links")]
    [InlineData("bench scaling --cores 1;2", "--cores")]
    [InlineData("bench scaling --bandwidth -1", "--bandwidth")]
    public void Bench_WrongUse_IsOneSentence(string line, string word)
    {
        (int code, _, string errors) = Run("many\n", line.Split(' '));
        Assert.True(code == 2, errors);
        Assert.Contains(word, errors, StringComparison.Ordinal);
    }

    private static double Sum(JsonElement[] parts, string pass) =>
        parts.Where(part => part.GetProperty("pass").GetString() == pass).Sum(part => part.GetProperty("gigaflop").GetDouble());

    private static bool Is(JsonElement part, string step, string pass) =>
        part.GetProperty("step").GetString() == step && part.GetProperty("pass").GetString() == pass;

    private static (int Code, string Output, string Errors) Run(string? input, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        using MemoryStream? stream = input is null ? null : new MemoryStream(Encoding.UTF8.GetBytes(input));
        int code = CommandTree.Run(arguments, output, errors, stream);
        return (code, output.ToString(), errors.ToString());
    }
}
