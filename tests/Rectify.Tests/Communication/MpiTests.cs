using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rectify.Tests.Cli;
using Rectify.Tests.Data;

namespace Rectify.Tests.Communication;

/// <summary>The command under a real mpirun, on this machine.</summary>
[Trait("Width", "any")]
public sealed class MpiTests
{
    private static readonly string Command = Path.Combine(AppContext.BaseDirectory, "Rectify.Cli.dll");

    private static readonly string[] Small =
        ["train", "--data", "builtin:200", "--val", "builtin:41", "--width", "0.25", "--size", "16", "--epochs", "2", "--batch", "20", "--lr", "0.001", "--threads", "1"];

    [Fact]
    public void Train_TwoRanks_LearnWhatOneDoesAndResumeAlone()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        Assert.Equal(0, CommandRun.Run([.. Small, "--run", folder.At("one")]).Code);
        (int code, string output, string errors) = MpiRun(folder, ["-np", "2", .. Rectify([.. Small, "--run", "two"])]);
        Assert.True(code == 0, errors + output);

        // One speaks.
        Assert.Single(output.Split('\n'), line => line.StartsWith("top-1 error", StringComparison.Ordinal));
        Assert.Contains("2 processes with 1 thread", output, StringComparison.Ordinal);
        double[] one = Losses(folder.At("one")), two = Losses(folder.At("two"));
        Assert.Equal(20, two.Length);
        Assert.All(one.Zip(two), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        // What two began, one goes on with; what is complete ends at once for all.
        string recipe = File.ReadAllText(folder.At("two/recipe.json"));
        File.WriteAllText(folder.At("two/recipe.json"), recipe.Replace("\"epochs\": 2", "\"epochs\": 3", StringComparison.Ordinal));
        (code, _, errors) = CommandRun.Run("train", "--resume", folder.At("two"));
        Assert.True(code == 0, errors);
        Assert.Equal(30, Losses(folder.At("two")).Length);
        (code, output, errors) = MpiRun(folder, ["-np", "2", .. Rectify(["train", "--resume", "two"])]);
        Assert.True(code == 0, errors + output);
        Assert.Contains("is complete", output, StringComparison.Ordinal);
        File.WriteAllText(folder.At("two/recipe.json"), recipe.Replace("\"epochs\": 2", "\"epochs\": 4", StringComparison.Ordinal));
        (code, output, errors) = MpiRun(folder, ["-np", "3", .. Rectify(["train", "--resume", "two"])]);
        Assert.True(code == 0, errors + output);
        Assert.Equal(40, Losses(folder.At("two")).Length);

        // Other data gives another mean, and other ranks have nothing but the data: the first one's counts.
        string longer = recipe.Replace("\"epochs\": 2", "\"epochs\": 5", StringComparison.Ordinal);
        File.WriteAllText(folder.At("two/recipe.json"), longer.Replace("builtin:200", "builtin:220", StringComparison.Ordinal));
        (code, output, errors) = MpiRun(folder, ["-np", "2", .. Rectify(["train", "--resume", "two", "--changed-data"])]);
        Assert.True(code == 0, errors + output);
        Assert.Equal(51, Losses(folder.At("two")).Length);

        (_, string alone, _) = CommandRun.Run("evaluate", "--run", folder.At("two"), "--data", "builtin:31", "--view", "dense", "--scales", "16,20", "--json");
        string[] evaluate = ["evaluate", "--run", "two", "--data", "builtin:31", "--view", "dense", "--scales", "16,20", "--json"];
        (code, string shared, errors) = MpiRun(folder, ["-np", "3", .. Rectify(evaluate)]);
        Assert.True(code == 0, errors);
        Assert.Equal(Numbers(alone), Numbers(shared));
    }

    [Fact]
    public void Train_AllGradientsSummed_LearnsTheSame()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        (int code, string output, string errors) = MpiRun(folder, ["-np", "2", .. Rectify([.. Small, "--run", folder.At("factors")])]);
        Assert.True(code == 0, errors + output);
        (code, output, errors) = MpiRun(folder, ["-np", "2", .. Rectify([.. Small, "--parallel", "data", "--run", folder.At("sums")])]);
        Assert.True(code == 0, errors + output);
        double[] factors = Losses(folder.At("factors")), sums = Losses(folder.At("sums"));
        Assert.All(factors.Zip(sums), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        // Products of gathered factors are not summed in the order of sums over ranks.
        Assert.NotEqual(factors, sums);
    }

    // The benchmark itself compares every number.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void BenchAllreduce_AnyLength_SumsAndTimesIt(int ranks)
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        string[] bench = ["bench", "allreduce", "--sizes", "4,36,4K,1M,4000004", "--seconds", "0.01", "--json"];
        (int code, string output, string errors) = MpiRun(folder, ["-np", ranks.ToString(CultureInfo.InvariantCulture), .. Rectify(bench)]);
        Assert.True(code == 0, errors + output);
        Assert.Contains("MPI_Allreduce's µs", errors, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(output[output.IndexOf("{\"", StringComparison.Ordinal)..]).RootElement;
        Assert.Equal(ranks, json.GetProperty("ranks").GetInt32());
        JsonElement[] sizes = [.. json.GetProperty("sizes").EnumerateArray()];
        Assert.Equal([4L, 36L, 4096L, 1L << 20, 4000004L], sizes.Select(size => size.GetProperty("bytes").GetInt64()));
        Assert.All(sizes, size => Assert.True(size.GetProperty("seconds").GetDouble() > 0 && size.GetProperty("librarySeconds").GetDouble() > 0));
    }

    [Fact]
    public void BenchStep_TwoRanks_ShareTheMiniBatch()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        string[] bench = ["bench", "step", "--width", "0.1", "--size", "16", "--classes", "10", "--batch", "6", "--threads", "1", "--seconds", "0.1", "--layers"];
        (int code, string output, string errors) = MpiRun(folder, ["-np", "2", .. Rectify(bench)]);
        Assert.True(code == 0, errors + output);
        Assert.Contains("6 crops of 16×16, 3 at a time", output, StringComparison.Ordinal);
        Assert.Contains("2 processes, of each 1 thread", output, StringComparison.Ordinal);
        Assert.Contains("exchange", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData(0, "3×3 pad 1, 256", "inspect", "--model", "a")]
    [InlineData(0, "--resume", "train", "--help")]
    [InlineData(2, "Cannot parse argument 'x'", "train", "--lr", "x")]
    [InlineData(2, "--parallel hybrid", "train", "--parallel", "hybrid")]
    public void Command_OfWhatRanksDoNotShare_IsTheFirstsAlone(int expected, string words, params string[] arguments)
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        (int code, string output, string errors) = MpiRun(folder, ["-np", "2", .. Rectify(arguments)]);
        string all = output + errors;
        Assert.Equal(expected, code);
        (_, string alone, string aloneErrors) = CommandRun.Run(arguments);
        Assert.True(Count(words, alone + aloneErrors) > 0);
        Assert.Equal(Count(words, alone + aloneErrors), Count(words, all));
    }

    // Only the ranks know that there are more of them than images.
    [Fact]
    public void Train_WrongUseThatRanksFind_IsWrongUse()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        (int code, string output, string errors) = MpiRun(folder, ["-np", "2", .. Rectify("train", "--data", "builtin:40", "--batch", "1", "--run", folder.At("none"))]);
        Assert.Equal(2, code);
        Assert.Contains("2 processes need an image each; choose at least 2", output + errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("none")));
    }

    [Fact]
    public void Train_LauncherThatOpenMpiDoesNotKnow_IsRefused()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        ProcessStartInfo start = new("dotnet") { WorkingDirectory = folder.Root, RedirectStandardError = true };
        (start.Environment["SLURM_STEP_NUM_TASKS"], start.Environment["SLURM_PROCID"]) = ("2", "0");
        Array.ForEach([Command, .. Small], start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("has started 2 processes and Open MPI finds 1", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("runs")));
    }

    [Theory]
    [InlineData("one process alone has nobody to sum with", "bench", "allreduce")]
    [InlineData("102 is no multiple of 4 up to 1024M", "bench", "allreduce", "--sizes", "4,102")]
    [InlineData("2048M is no multiple", "bench", "allreduce", "--sizes", "2048M")]
    [InlineData("left out, for auto moves as few bytes", "train", "--parallel", "hybrid")]
    [InlineData("choose auto or data", "bench", "step", "--parallel", "model")]
    public void Command_WrongUse_IsToldInOneSentence(string sentence, params string[] arguments)
    {
        (int code, _, string errors) = CommandRun.Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Train_RankWithOtherData_IsRefused()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        string[] other = [.. Small];
        other[2] = "builtin:300";
        (int code, string output, string errors) = MpiRun(folder, ["-np", "1", .. Rectify(Small), ":", "-np", "1", .. Rectify(other)]);
        Assert.NotEqual(0, code);
        Assert.Contains("has another version, recipe or data than rank 0", errors + output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RankThatIsStopped_EndsTheJobAndIsNamed()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        (string words, TimeSpan time) = await Lose(folder, CommandProcess.Stop);
        Assert.Contains("has given no sign of life for 20 s; its last step was", words, StringComparison.Ordinal);
        Assert.InRange(time.TotalSeconds, 10, 40);
    }

    [Fact]
    public async Task Train_RankThatIsKilled_EndsTheJobAndIsNamed()
    {
        NeedsMpi();
        using TemporaryFolder folder = new();
        (string words, TimeSpan time) = await Lose(folder, 9);
        Assert.Contains("process rank 1 with PID", words, StringComparison.Ordinal);
        Assert.Matches(@"Stopping after this step \([1-9]\d* are done\)", words);
        Assert.InRange(time.TotalSeconds, 0, 30);
    }

    // Two ranks train; one is sent a signal when there is a checkpoint. What was written, and how long it took the job to end.
    private static async Task<(string Words, TimeSpan Time)> Lose(TemporaryFolder folder, int signal)
    {
        string[] train = ["train", "--data", "builtin:2000", "--threads", "1", "--epochs", "500", "--checkpoint-every", "0.01", "--width", "0.1", "--size", "16"];
        ProcessStartInfo start = Start(folder, ["-np", "2", .. Rectify([.. train, "--run", folder.At("long")])]);
        using Process job = Process.Start(start)!;
        Task<string> output = job.StandardOutput.ReadToEndAsync(), errors = job.StandardError.ReadToEndAsync();
        string saved = folder.At("long/checkpoints/last.safetensors");
        SpinWait.SpinUntil(() => File.Exists(saved) || job.HasExited, TimeSpan.FromMinutes(2));
        Assert.False(job.HasExited);
        int[] ranks = Children(job.Id);
        Assert.Equal(2, ranks.Length);
        long sent = Stopwatch.GetTimestamp();
        _ = CommandProcess.Send(ranks.Max(), signal);
        Assert.True(job.WaitForExit(TimeSpan.FromMinutes(2)));
        TimeSpan time = Stopwatch.GetElapsedTime(sent);
        Assert.NotEqual(0, job.ExitCode);

        // What was saved is whole.
        Assert.Equal(0, CommandRun.Run("evaluate", "--run", folder.At("long"), "--data", "builtin:20", "--checkpoint", "last").Code);
        return (await output + await errors, time);
    }

    private static int Count(string words, string text) => text.Split(words).Length - 1;

    private static int[] Children(int parent) => [.. Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _))
        .Select(name => int.Parse(name!, null))
        .Where(process => ParentOf(process) == parent)];

    private static int ParentOf(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], null);
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static string[] Rectify(params string[] arguments) => ["dotnet", Command, .. arguments];

    private static double[] Losses(string run) => [.. File.ReadLines(Path.Combine(run, "log.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => line.GetProperty("kind").GetString() == "step")
        .Select(line => line.GetProperty("loss").GetDouble())];

    // All but times.
    private static string Numbers(string json)
    {
        string line = json[json.IndexOf("{\"", StringComparison.Ordinal)..];
        Dictionary<string, JsonElement> values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line.TrimEnd())!;
        return string.Join('\n', values
            .Where(pair => !pair.Key.Contains("econd", StringComparison.Ordinal) && pair.Key != "runs")
            .Select(pair => $"{pair.Key} {pair.Value.GetRawText()}"));
    }

    private static ProcessStartInfo Start(TemporaryFolder folder, string[] arguments)
    {
        ProcessStartInfo start = new("mpirun") { WorkingDirectory = folder.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1";
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.ArgumentList.Add("--oversubscribe");
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _ = Directory.CreateDirectory(folder.At("runs"));
        return start;
    }

    private static (int Code, string Output, string Errors) MpiRun(TemporaryFolder folder, string[] arguments)
    {
        // Names of runs are under runs/ there.
        using Process job = Process.Start(Start(folder, [.. arguments.Select(argument => argument is "two" ? folder.At("two") : argument)]))!;
        Task<string> output = job.StandardOutput.ReadToEndAsync(), errors = job.StandardError.ReadToEndAsync();
        Assert.True(job.WaitForExit(TimeSpan.FromMinutes(3)), "mpirun does not end");
        return (job.ExitCode, output.Result, errors.Result);
    }

    private static void NeedsMpi() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "mpirun"))), "there is no mpirun on the PATH: eng/setup.sh");
}
