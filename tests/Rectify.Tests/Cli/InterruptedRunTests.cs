using System.Diagnostics;
using System.Text.Json;
using Rectify.Kernels.Simd;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Tests.Formats;

namespace Rectify.Tests.Cli;

/// <summary>Runs that are killed, signalled, crowded out and starved: nothing is lost, and the bits at the end are those of a run left in peace.</summary>
public sealed class InterruptedRunTests
{
    // Two steps an epoch: most of the time goes into saving, so kills meet saves.
    private static readonly string[] Training =
    [
        "train", "--data", "builtin:200", "--val", "builtin:40", "--width", "0.1", "--size", "16", "--epochs", "60", "--batch", "100", "--lr-drop", "30", "--run", "runs/x",
    ];

    [Fact]
    public void Train_KilledAtRandomInstants_EndsInTheBitsOfAnUninterruptedRun()
    {
        // The other widths run the same code around other kernels: a few kills will do there.
        int kills = IsaDetection.Widest == Isa.V512 ? 20 : 3;
        using TemporaryFolder whole = new();
        using TemporaryFolder folder = new();
        long started = Stopwatch.GetTimestamp();
        using (CommandProcess process = new(whole.Root, Training))
        {
            Assert.True(process.Wait() == 0, process.Errors);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        RandomStream random = new((ulong)Environment.TickCount64, RandomPurpose.Augmentation, 0, 0);
        List<double> delays = [];
        int furthest = 0;
        int saves = 0;
        for (int i = 0; i < kills || (saves == 0 && i < 10 * kills); i++)
        {
            bool begun = File.Exists(folder.At("runs/x/recipe.json"));
            using CommandProcess process = new(folder.Root, begun ? ["train", "--resume", "x"] : Training);
            double delay = random.NextSingle() * seconds * (begun ? 0.6 : 1.0);
            delays.Add(delay);
            if (Wait(process, delay))
            {
                Assert.True(process.Wait() == 0, $"after {string.Join(", ", delays)}: {process.Errors}");
                Compare(whole, folder, delays);
                Directory.Delete(folder.At("runs"), recursive: true);
                furthest = 0;
                continue;
            }

            // Every second kill comes in the middle of a save.
            if (i % 2 == 0)
            {
                saves += HoldInASave(process, folder) ? 1 : 0;
            }

            process.Kill();
            int step = LastStep(folder);
            Assert.True(step >= furthest, $"went back from step {furthest} to {step} after {string.Join(", ", delays)}");
            furthest = step;
        }

        Assert.True(saves > 0, "no kill came in the middle of a save");
        using CommandProcess last = new(folder.Root, File.Exists(folder.At("runs/x/recipe.json")) ? ["train", "--resume", "x"] : Training);
        Assert.True(last.Wait() == 0, $"after {string.Join(", ", delays)}: {last.Errors}");
        Compare(whole, folder, delays);
    }

    [Theory]
    [InlineData]
    [InlineData("--colour", "0.1", "--scale", "16,24", "--mean", "per-channel")]
    public void Train_SigtermThenResume_EndsInTheSameBitsAndAWholeLog(params string[] options)
    {
        string[] training = [.. Training, .. options];
        using TemporaryFolder whole = new();
        using TemporaryFolder folder = new();
        using (CommandProcess process = new(whole.Root, training))
        {
            Assert.True(process.Wait() == 0, process.Errors);
        }

        using (CommandProcess process = new(folder.Root, training))
        {
            while (!process.HasExited && !File.Exists(folder.At("runs/x/checkpoints/last-1.safetensors")))
            {
                Thread.Sleep(5);
            }

            process.Signal(15);
            int code = process.Wait();
            Assert.True(code == 130, $"exit code {code}: {process.Errors}");
            Assert.Contains("rectify train --resume x", process.Errors, StringComparison.Ordinal);
            Assert.Contains("Stopping", process.Errors, StringComparison.Ordinal);
        }

        using CommandProcess again = new(folder.Root, "train", "--resume", "x");
        Assert.True(again.Wait() == 0, again.Errors);
        Assert.Contains("going on in epoch", again.Output, StringComparison.Ordinal);
        Compare(whole, folder, []);
    }

    [Fact]
    public void Train_SecondRunInTheSameFolder_IsRefused()
    {
        using TemporaryFolder folder = new();
        using CommandProcess first = new(folder.Root, [.. Training.Select(word => word == "60" ? "2000" : word)]);
        while (!first.HasExited && !File.Exists(folder.At("runs/x/checkpoints/last.safetensors")))
        {
            Thread.Sleep(5);
        }

        using CommandProcess second = new(folder.Root, "train", "--resume", "x");
        Assert.Equal(1, second.Wait());
        Assert.Contains("Another process is training in", second.Errors, StringComparison.Ordinal);
        Assert.False(first.HasExited);
        first.Kill();

        // The system frees the lock of a process that was killed.
        using CommandProcess third = new(folder.Root, "train", "--resume", "x");
        while (!third.HasExited && !File.Exists(folder.At("runs/x/checkpoints/last-1.safetensors")))
        {
            Thread.Sleep(5);
        }

        Assert.False(third.HasExited);
    }

    [Fact]
    public void Train_FolderRemovedOnTheWay_IsMadeAgain()
    {
        using TemporaryFolder folder = new();
        using CommandProcess process = new(folder.Root, Training);
        while (!process.HasExited && !File.Exists(folder.At("runs/x/checkpoints/last.safetensors")))
        {
            Thread.Sleep(5);
        }

        for (bool removed = false; !removed;)
        {
            try
            {
                Directory.Delete(folder.At("runs"), recursive: true);
                removed = true;
            }
            catch (IOException)
            {
                // A checkpoint came in between.
            }
        }

        Assert.True(process.Wait() == 0, process.Errors);
        using CommandProcess evaluation = new(folder.Root, "evaluate", "--run", "x", "--data", "builtin:40");
        Assert.True(evaluation.Wait() == 0, evaluation.Errors);
    }

    private static bool Saving(TemporaryFolder folder) =>
        Directory.Exists(folder.At("runs/x/checkpoints")) && Directory.EnumerateFiles(folder.At("runs/x/checkpoints"), "next*").Any();

    // Stopped while we look, for a save is short. False if it ended before it saved again.
    private static bool HoldInASave(CommandProcess process, TemporaryFolder folder)
    {
        while (!process.HasExited)
        {
            if (!Saving(folder))
            {
                continue;
            }

            if (!process.TrySignal(CommandProcess.Stop))
            {
                return false;
            }

            if (Saving(folder))
            {
                return true;
            }

            _ = process.TrySignal(CommandProcess.Continue);
        }

        return false;
    }

    // True if it ended before.
    private static bool Wait(CommandProcess process, double seconds)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            if (process.HasExited)
            {
                return true;
            }

            Thread.Sleep(1);
        }

        return process.HasExited;
    }

    private static int LastStep(TemporaryFolder folder) =>
        (int)(new Rectify.Training.CheckpointFolder(folder.At("runs/x/checkpoints")).Newest(out _)?.Position.TotalSteps ?? 0);

    private static void Compare(TemporaryFolder whole, TemporaryFolder folder, List<double> delays)
    {
        foreach (string file in (string[])["last.safetensors", "last.state.safetensors", "best.safetensors", "last-1.safetensors", "last-1.state.safetensors"])
        {
            byte[] expected = File.ReadAllBytes(whole.At($"runs/x/checkpoints/{file}"));
            byte[] found = File.ReadAllBytes(folder.At($"runs/x/checkpoints/{file}"));
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{file} differs after {string.Join(", ", delays)}");
        }

        (string?, long, double)[] losses = Losses(folder);
        Assert.Equal(Losses(whole), losses);
        Assert.Equal(losses.Where(line => line.Item1 == "step").Select(line => (line.Item2, (float)line.Item3)), Chart(folder, "training/loss"));
        Assert.Empty(Directory.EnumerateFiles(folder.At("runs/x/checkpoints"), "next*"));
    }

    // As TensorBoard reads a run: file by file, and a session's start makes void what came before of its step and those beyond it.
    private static IEnumerable<(long Step, float Value)> Chart(TemporaryFolder folder, string tag)
    {
        SortedDictionary<long, float> chart = [];
        foreach (string file in Directory.EnumerateFiles(folder.At("runs/x"), "events.out.tfevents.*").Order(StringComparer.Ordinal))
        {
            foreach (RecordedEvent e in RecordedEvent.Read(File.ReadAllBytes(file)))
            {
                foreach (long step in e.SessionStatus is null ? [] : chart.Keys.Where(step => step >= e.Step).ToArray())
                {
                    _ = chart.Remove(step);
                }

                foreach ((_, float value) in e.Scalars.Where(scalar => scalar.Tag == tag))
                {
                    Assert.True(chart.TryAdd(e.Step, value), $"{tag} has step {e.Step} twice");
                }
            }
        }

        return chart.Select(point => (point.Key, point.Value));
    }

    private static (string?, long, double)[] Losses(TemporaryFolder folder) =>
    [
        .. File.ReadLines(folder.At("runs/x/log.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("kind").GetString() != "resumed")
            .Select(line => (line.GetProperty("kind").GetString(), line.GetProperty("step").GetInt64(), line.GetProperty("loss").GetDouble())),
    ];
}
