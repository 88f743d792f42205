using System.Text.Json;
using Rectify.Data;

namespace Rectify.Training;

/// <summary>Writes a run down as it goes: a line of JSON a step and an epoch, checkpoints after each epoch.</summary>
public sealed class RunRecorder : ITrainingObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly Trainer _trainer;
    private readonly MeanImage _mean;
    private readonly StreamWriter _log;

    /// <summary>Opens the run's log.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="trainer">Whose network and velocities are saved.</param>
    /// <param name="mean">The mean that belongs to the network.</param>
    public RunRecorder(RunFolder folder, Trainer trainer, MeanImage mean)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (_folder, _trainer, _mean) = (folder, trainer, mean);
        _log = new StreamWriter(folder.LogPath, append: true);
    }

    /// <inheritdoc/>
    public void StepDone(StepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        WriteLine(json =>
        {
            json.WriteString("kind", "step");
            json.WriteNumber("epoch", report.Epoch);
            json.WriteNumber("step", report.TotalSteps);
            json.WriteNumber("loss", report.Loss);
            json.WriteNumber("rate", report.Rate);
        });
    }

    /// <inheritdoc/>
    public void EpochDone(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        WriteLine(json =>
        {
            json.WriteString("kind", "epoch");
            json.WriteNumber("epoch", report.Epoch);
            json.WriteNumber("step", report.Last.TotalSteps);
            json.WriteNumber("trainingLoss", report.Last.EpochLoss);
            json.WriteNumber("trainingTop1Error", report.Last.EpochErrorPercent);
            json.WriteNumber("imagesPerSecond", report.Last.ImagesPerSecond);
            json.WriteNumber("waitShare", report.Last.WaitShare);
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
        _log.Flush();
        if (report.IsBest)
        {
            Checkpoint.SaveWeights(_folder.CheckpointPath("best"), _trainer.Network, _mean, _trainer.Position);
        }

        SaveLast();
    }

    /// <summary>Saves weights, velocities and position as "last".</summary>
    public void SaveLast()
    {
        string path = _folder.CheckpointPath("last");
        Checkpoint.SaveState(Checkpoint.StatePath(path), _trainer.Network, _trainer.Optimizer, _trainer.Position);
        Checkpoint.SaveWeights(path, _trainer.Network, _mean, _trainer.Position);
    }

    /// <summary>Closes the log.</summary>
    public void Dispose() => _log.Dispose();

    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        _log.WriteLine(System.Text.Encoding.UTF8.GetString(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
    }
}
