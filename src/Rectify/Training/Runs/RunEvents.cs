using Rectify.Diagnostics;
using Rectify.Formats;

namespace Rectify.Training;

/// <summary>What TensorBoard shows of a run: scalars over steps, in a file of their own for each time that the run is begun or gone on with.</summary>
/// <remarks>
/// Each step: training/loss, and training/rate where it changes. Where <see cref="DecayMonitor"/> looks at the gradients anyway, but at most some twenty times an
/// epoch: gradientStd/LAYER, training/imagesPerSecond. Each epoch: training/top1Error, training/rate, training/imagesPerSecond, validation/loss, validation/top1Error and
/// validation/top5Error (errors in percent), slope/LAYER (means over channels).
/// </remarks>
internal sealed class RunEvents
{
    private const int LooksOfAnEpoch = 20;

    private readonly EventFile _file;
    private readonly Trainer _trainer;
    private readonly Action<string> _report;
    private int _looks;
    private long _nextLook;
    private double _rate = double.NaN;
    private bool _told;

    public RunEvents(RunFolder folder, Trainer trainer, TimeProvider clock, Action<string> report)
    {
        (_trainer, _report) = (trainer, report);
        _file = new EventFile(EventFile.NewPath(folder.FullPath, clock.GetUtcNow(), Environment.MachineName), clock);
        _file.AddStart(trainer.Position.TotalSteps + 1);
    }

    /// <summary>Notes a step.</summary>
    public void StepDone(StepReport report)
    {
        List<EventScalar> scalars = [new("training/loss", report.Loss)];
        if (report.Rate != _rate)
        {
            _rate = report.Rate;
            scalars.Add(new("training/rate", report.Rate));
        }

        if (_trainer.DecayMonitor.Looks != _looks && report.TotalSteps >= _nextLook)
        {
            _nextLook = report.TotalSteps + (report.Steps / LooksOfAnEpoch);
            scalars.Add(new("training/imagesPerSecond", report.ImagesPerSecond));
            scalars.AddRange(_trainer.DecayMonitor.Gradients.Select(gradient => new EventScalar($"gradientStd/{gradient.Layer}", gradient.Std)));
        }

        _looks = _trainer.DecayMonitor.Looks;
        _file.Add(report.TotalSteps, scalars);
    }

    /// <summary>Notes an epoch.</summary>
    public void EpochDone(EpochReport report)
    {
        StepReport last = report.Last;
        List<EventScalar> scalars = [new("training/rate", last.Rate)];
        if (report.ImagesCounted > 0)
        {
            scalars.Add(new("training/top1Error", last.EpochErrorPercent));
            scalars.Add(new("training/imagesPerSecond", last.ImagesPerSecond));
        }

        if (report.Validation is { } validation)
        {
            if (double.IsFinite(validation.MeanLoss))
            {
                scalars.Add(new("validation/loss", validation.MeanLoss));
            }

            scalars.Add(new("validation/top1Error", validation.Top1ErrorPercent));
            scalars.Add(new("validation/top5Error", validation.Top5ErrorPercent));
        }

        scalars.AddRange(SlopeStatistics.Of(_trainer.Network).Select(slope => new EventScalar($"slope/{slope.Layer}", slope.Mean)));
        _file.Add(last.TotalSteps, scalars);
    }

    /// <summary>Writes what was noted. That it is not possible is told once; it is tried again the next time.</summary>
    public void Flush()
    {
        try
        {
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_told)
            {
                _told = true;
                _report($"{_file.Path} cannot be written: {e.Message.TrimEnd('.')}. Training goes on; TensorBoard will not show it until there is room. --no-events does without.");
            }
        }
    }
}
