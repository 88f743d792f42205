using System.Diagnostics;
using System.Globalization;
using Rectify.Diagnostics;
using Rectify.Training;
using Spectre.Console;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Shows how training goes: a status line in a terminal, plain lines otherwise; and passes everything on to the recorder.</summary>
/// <param name="people">Where lines go.</param>
/// <param name="errors">Where warnings go.</param>
/// <param name="recorder">Writes the run down.</param>
/// <param name="status">The terminal's status line; null where there is no terminal.</param>
internal sealed class TrainingProgress(TextWriter people, TextWriter errors, RunRecorder recorder, StatusContext? status) : ITrainingObserver
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private long _shown = Stopwatch.GetTimestamp();
    private int _lagging = -1;

    public void Started(TrainingStart start) => Line(
        $"{start.Images:N0} training images, {start.ValidationImages:N0} for validation; {start.StepsPerEpoch} steps an epoch, "
        + $"{start.MicroBatch} images at a time, {Bytes(start.MemoryBytes)} for weights, velocities, gradients and maps");

    public void StepDone(StepReport report)
    {
        recorder.StepDone(report);
        if (!Due())
        {
            return;
        }

        string progress = Invariant(
            $"epoch {report.Epoch}/{report.Epochs} step {report.Step}/{report.Steps}  loss {report.EpochLoss:F4}  error {report.EpochErrorPercent:F1} %  {Pace(report)}");
        if (status is null)
        {
            Line(progress);
        }
        else
        {
            status.Status(Markup.Escape(progress));
        }
    }

    public void RanksTimed(StepReport report, RankTimes times)
    {
        recorder.RanksTimed(report, times);
        int lagging = times.IsLagging ? times.Slowest : -1;
        if (lagging >= 0 && lagging != _lagging)
        {
            Line(Invariant($"rank {lagging} on {times.Host} works {times.Seconds[lagging]:F3} s for a step, the others {times.Median:F3}: all wait for it"));
        }

        _lagging = lagging;
    }

    public void Stalled(string name, TimeSpan waited) => Line(Invariant(
        $"waiting {waited.TotalSeconds:F0} s for {name}: the disk or network that holds it does not answer; Ctrl-C saves and stops"));

    public void SignalFades(StepReport report, FadingSignal signal)
    {
        recorder.SignalFades(report, signal);
        CommandTree.Tell(errors, string.Create(
            CultureInfo.InvariantCulture,
            $"Warning: after {report.TotalSteps} steps the loss is still {signal.Loss:F3}, that of guessing, and no gradient arrives: weight decay alone is "
            + $"{100 * signal.DecayShare:F1} % or more of the update of half of the layers. More epochs will not help: stop with Ctrl-C, train anew with --init he-out, "
            + $"and see rectify diagnose for where it fades (least is left in {signal.Layer})."));
    }

    public void Validating(int done, int total)
    {
        if (status is not null && Due())
        {
            status.Status(Invariant($"validating {done:N0}/{total:N0}"));
        }
    }

    public void EpochDone(EpochReport report)
    {
        recorder.EpochDone(report);
        StepReport last = report.Last;
        string validation = report.Validation is { } v
            ? Invariant($"  validation: loss {v.MeanLoss:F4}, top-1 {v.Top1ErrorPercent:F2} %, top-5 {v.Top5ErrorPercent:F2} %{(report.IsBest ? " (best)" : "")}")
            : "";
        string training = report.ImagesCounted > 0 ? Invariant($"  loss {last.EpochLoss:F4}  error {last.EpochErrorPercent:F2} %") : "";
        Line(Invariant($"epoch {report.Epoch}/{last.Epochs}{training}{validation}  {Pace(last)}"));
        if (report.RateDrop is { } drop)
        {
            Line($"epoch {report.Epoch}: {drop}");
        }
    }

    private static string Pace(StepReport report) =>
        Invariant($"rate {report.Rate:g4}  {report.ImagesPerSecond:N0} images/s  waiting {100 * report.WaitShare:F1} %  ")
        + Invariant($"{Bytes(report.PeakMemoryBytes)}  {TimeText.Of(report.Remaining)} left");

    private static string Bytes(long bytes) => Invariant($"{bytes / 1048576.0:N0} MB");

    private bool Due()
    {
        if (Stopwatch.GetElapsedTime(_shown) < (status is null ? LineInterval : StatusInterval))
        {
            return false;
        }

        _shown = Stopwatch.GetTimestamp();
        return true;
    }

    private void Line(string line)
    {
        if (status is null)
        {
            CommandTree.Tell(people, line);
        }
        else
        {
            // Above the status line, which Spectre draws anew.
            AnsiConsole.Console.WriteLine(line);
        }
    }
}
