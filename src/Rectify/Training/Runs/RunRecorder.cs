using System.Diagnostics;
using Rectify.Diagnostics;

namespace Rectify.Training;

/// <summary>Writes a run down as it goes: a line of JSON a step and an epoch, a checkpoint after each epoch and every so often within it.</summary>
/// <remarks>A disk that is full or a folder that is gone does not end the training: it is reported, tried again, and at the end it must succeed.</remarks>
public sealed class RunRecorder : ITrainingObserver
{
    private readonly RunFolder _folder;
    private readonly RunLock _lock;
    private readonly Recipe _recipe;
    private readonly Trainer _trainer;
    private readonly Data.MeanImage _mean;
    private readonly RecorderOptions _options;
    private readonly RunLog _log;
    private readonly RunEvents? _events;
    private long _saved = Stopwatch.GetTimestamp();
    private long _flushed = Stopwatch.GetTimestamp();
    private string? _trouble;
    private int _bestSaved;

    /// <summary>Begins to record.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="taken">Its lock, which stays the caller's.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="trainer">Whose network and velocities are saved.</param>
    /// <param name="mean">The mean that belongs to the network.</param>
    /// <param name="options">How often to save, and who hears of trouble.</param>
    public RunRecorder(RunFolder folder, RunLock taken, Recipe recipe, Trainer trainer, Data.MeanImage mean, RecorderOptions options)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(trainer);
        (_folder, _lock, _recipe, _trainer, _mean, _options) = (folder, taken, recipe, trainer, mean, options);
        _log = new RunLog(folder.LogPath);
        _log.CutAfter(trainer.Position);
        if (trainer.Position != TrainingPosition.Start)
        {
            _log.Add(json =>
            {
                json.WriteString("kind", "resumed");
                json.WriteNumber("epoch", trainer.Position.Epoch + 1);
                json.WriteNumber("step", trainer.Position.TotalSteps);
            });
        }

        _events = options.Events ? new RunEvents(folder, trainer, options.Clock, options.Report) : null;
        _bestSaved = trainer.Position.BestTop1Errors;
    }

    /// <inheritdoc/>
    public void StepDone(StepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _log.Add(json =>
        {
            json.WriteString("kind", "step");
            json.WriteNumber("epoch", report.Epoch);
            json.WriteNumber("step", report.TotalSteps);
            json.WriteNumber("loss", report.Loss);
            json.WriteNumber("rate", report.Rate);
        });
        _events?.StepDone(report);
        bool due = Stopwatch.GetElapsedTime(_saved) >= (_trouble is null ? _options.SaveEvery : _options.RetryAfter);
        if (due)
        {
            _trainer.CheckWeights();
            _ = TrySave();
        }
        else if (_trouble is null && Stopwatch.GetElapsedTime(_flushed) >= _options.FlushEvery)
        {
            SaveLog();
        }
    }

    /// <inheritdoc/>
    public void RanksTimed(StepReport report, RankTimes times)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(times);
        _log.Add(json =>
        {
            json.WriteString("kind", "ranks");
            json.WriteNumber("epoch", report.Epoch);
            json.WriteNumber("step", report.TotalSteps);
            json.WriteStartArray("seconds");
            foreach (double seconds in times.Seconds)
            {
                json.WriteNumberValue(Math.Round(seconds, 6));
            }

            json.WriteEndArray();
        });
    }

    /// <inheritdoc/>
    public void SignalFades(StepReport report, FadingSignal signal)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(signal);
        _log.Add(json =>
        {
            json.WriteString("kind", "warning");
            json.WriteNumber("epoch", report.Epoch);
            json.WriteNumber("step", report.TotalSteps);
            json.WriteString("verdict", "vanishing");
            json.WriteNumber("loss", signal.Loss);
            json.WriteNumber("decayShare", signal.DecayShare);
            json.WriteString("layer", signal.Layer);
        });
    }

    /// <inheritdoc/>
    public void EpochDone(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _log.Add(json =>
        {
            json.WriteString("kind", "epoch");
            json.WriteNumber("epoch", report.Epoch);
            json.WriteNumber("step", report.Last.TotalSteps);
            if (report.ImagesCounted > 0)
            {
                json.WriteNumber("trainingLoss", report.Last.EpochLoss);
                json.WriteNumber("trainingTop1Error", report.Last.EpochErrorPercent);
                json.WriteNumber("imagesPerSecond", report.Last.ImagesPerSecond);
                json.WriteNumber("waitShare", report.Last.WaitShare);
            }

            json.WriteNumber("seconds", report.Last.Elapsed.TotalSeconds);
            if (report.Validation is { } validation)
            {
                if (double.IsFinite(validation.MeanLoss))
                {
                    json.WriteNumber("loss", validation.MeanLoss);
                }

                json.WriteNumber("top1Error", validation.Top1ErrorPercent);
                json.WriteNumber("top5Error", validation.Top5ErrorPercent);
                json.WriteNumber("images", validation.Images);
            }
        });
        _events?.EpochDone(report);
        if (report.RateDrop is { } drop)
        {
            _log.Add(json =>
            {
                json.WriteString("kind", "rate");
                json.WriteNumber("epoch", report.Epoch);
                json.WriteNumber("step", report.Last.TotalSteps);
                json.WriteNumber("from", drop.From);
                json.WriteNumber("to", drop.To);
                json.WriteNumber("bestTop1Error", drop.BestTop1ErrorPercent);
                json.WriteNumber("leastGain", drop.LeastGain);
                json.WriteNumber("patience", drop.Epochs);
            });
        }

        // Best goes first: who is killed between the two does the epoch again and saves the same best again. One that cannot be saved is none.
        if (report.IsBest)
        {
            if (Try(() => _folder.Checkpoints.SaveBest(_trainer.Network, _mean, _trainer.Position)))
            {
                _bestSaved = _trainer.Position.BestTop1Errors;
            }
            else
            {
                _trainer.Position = _trainer.Position with { BestTop1Errors = _bestSaved };
            }
        }

        _ = TrySave();
    }

    /// <summary>Saves weights, velocities and position as "last", and the log.</summary>
    /// <exception cref="Tensors.RectifyException">That is not possible: the message says why and what is there.</exception>
    public void SaveLast()
    {
        if (!TrySave())
        {
            throw new Tensors.RectifyException(
                $"The checkpoint at step {_trainer.Position.TotalSteps} could not be saved: {_trouble} Make room there and "
                + (_folder.Checkpoints.Newest(out _) is { } whole ? $"go on from that of step {whole.Position.TotalSteps}" : "begin anew, for there is none before it")
                + $", with: rectify train --resume {_folder.FullPath}");
        }
    }

    /// <summary>Writes down the log and the events to the last step, for a run that ends without a checkpoint; what cannot be written is reported.</summary>
    public void SaveLog() => _ = Try(() => { });

    /// <summary>Saves what could not be saved in time.</summary>
    /// <exception cref="Tensors.RectifyException">That is still not possible: the message says why and what is there.</exception>
    public void Finish()
    {
        if (_trouble is not null)
        {
            SaveLast();
        }
    }

    private bool TrySave()
    {
        _saved = Stopwatch.GetTimestamp();
        return Try(() => _folder.Checkpoints.SaveLast(_trainer.Network, _mean, _trainer.Optimizer, _trainer.Position));
    }

    private bool Try(Action save)
    {
        _flushed = Stopwatch.GetTimestamp();
        try
        {
            // Somebody may have removed the folder; everything that it needs is here.
            _lock.Ensure();
            if (!File.Exists(_folder.RecipePath))
            {
                Directory.CreateDirectory(_folder.FullPath);
                _recipe.Save(_folder.RecipePath);
            }

            // Log and events go first: what they have beyond a checkpoint is cut or void when the run goes on, what they lack would be lost.
            _log.Flush();
            _events?.Flush();
            save();
            if (_trouble is not null)
            {
                _options.Report($"saved again in {_folder.FullPath}");
            }

            _trouble = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _trouble = e.Message.TrimEnd('.') + ".";
            _options.Report($"{_folder.FullPath} cannot be written: {_trouble} Training goes on; saving is tried again. Free some space, or give the right to write there.");
            return false;
        }
    }
}

/// <summary>How a run is recorded.</summary>
public sealed record RecorderOptions
{
    /// <summary>How often a checkpoint is written within an epoch.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the log is written within an epoch.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>When saving is tried again after it failed.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to write TensorBoard's events too.</summary>
    public bool Events { get; init; } = true;

    /// <summary>The time of events.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Hears that saving failed, and that it works again: a sentence.</summary>
    public Action<string> Report { get; init; } = _ => { };
}
