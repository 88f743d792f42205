using System.Diagnostics;
using System.Globalization;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Shows how training goes: a line that is rewritten in a terminal, plain lines otherwise; and passes everything on to the recorder.</summary>
internal sealed class TrainingProgress(TextWriter people, RunRecorder recorder, bool live) : ITrainingObserver, IDisposable
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    private long _shown = Stopwatch.GetTimestamp();
    private bool _lineOpen;
    private string _line = "";

    public void Started(TrainingStart start) => people.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{start.Images:N0} training images, {start.ValidationImages:N0} for validation; {start.StepsPerEpoch} steps an epoch, {start.MicroBatch} images at a time, {Bytes(start.WorkspaceBytes)} of workspace"));

    public void StepDone(StepReport report)
    {
        recorder.StepDone(report);
        bool due = Stopwatch.GetElapsedTime(_shown) >= (live ? LiveInterval : PlainInterval);
        if (!due)
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        _line = string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {report.Epoch}/{report.Epochs} step {report.Step}/{report.Steps}  loss {report.EpochLoss:F4}  error {report.EpochErrorPercent:F1} %  rate {report.Rate:g}  {report.ImagesPerSecond:N0} images/s  waiting {100 * report.WaitShare:F0} %  {Bytes(report.PeakMemoryBytes)}  {Time(report.Remaining)} left");
        Show(_line);
    }

    public void Validating(int done, int total)
    {
        if (live && Stopwatch.GetElapsedTime(_shown) >= LiveInterval)
        {
            _shown = Stopwatch.GetTimestamp();
            Show(string.Create(CultureInfo.InvariantCulture, $"{_line}  validating {done:N0}/{total:N0}"));
        }
    }

    public void EpochDone(EpochReport report)
    {
        recorder.EpochDone(report);
        StepReport last = report.Last;
        string validation = report.Validation is { } v
            ? string.Create(CultureInfo.InvariantCulture, $"  validation: loss {v.MeanLoss:F4}, top-1 {v.Top1ErrorPercent:F2} %, top-5 {v.Top5ErrorPercent:F2} %{(report.IsBest ? " (best)" : "")}")
            : "";
        Close();
        people.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {report.Epoch}/{last.Epochs}  loss {last.EpochLoss:F4}  error {last.EpochErrorPercent:F2} %{validation}  rate {last.Rate:g}  {last.ImagesPerSecond:N0} images/s  waiting {100 * last.WaitShare:F1} %  {Bytes(last.PeakMemoryBytes)}  {Time(last.Remaining)} left"));
        people.Flush();
    }

    public void Dispose() => Close();

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0} MB");

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private void Show(string line)
    {
        if (!live)
        {
            people.WriteLine(line);
            people.Flush();
            return;
        }

        int width = Math.Max(20, Console.WindowWidth - 1);
        people.Write("\r" + (line.Length > width ? line[..width] : line.PadRight(width)));
        _lineOpen = true;
    }

    private void Close()
    {
        if (_lineOpen)
        {
            people.Write("\r" + new string(' ', Math.Max(20, Console.WindowWidth - 1)) + "\r");
            _lineOpen = false;
        }
    }
}
