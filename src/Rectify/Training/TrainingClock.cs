using System.Diagnostics;

namespace Rectify.Training;

/// <summary>Counts images, losses and time, and makes reports of them.</summary>
/// <remarks>A clock starts with its process: of an epoch that was begun in another it counts what is left, and says how many images that is.</remarks>
internal sealed class TrainingClock(int epochs, int stepsPerEpoch, TrainingPosition start)
{
    // Three hundred years: what is left beyond them is no time span.
    private const double MostSeconds = 1e10;

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _epochStarted;
    private int _epochImages;
    private double _epochLoss;
    private int _epochErrors;
    private long _images;
    private TimeSpan _training;
    private TimeSpan _validation;
    private int _validations;
    private double _lastLoss;
    private long _peakAsked;
    private long _peakMemory;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Mean loss of the epoch so far.</summary>
    public double EpochLoss => _epochImages > 0 ? _epochLoss / _epochImages : 0.0;

    /// <summary>Training images a second over all epochs that are done.</summary>
    public double ImagesPerSecondOverall => _training > TimeSpan.Zero ? _images / _training.TotalSeconds : 0.0;

    public void StartEpoch()
    {
        _epochStarted = Stopwatch.GetTimestamp();
        (_epochImages, _epochLoss, _epochErrors) = (0, 0.0, 0);
    }

    public void EndEpoch()
    {
        _training += Stopwatch.GetElapsedTime(_epochStarted);
        _images += _epochImages;
    }

    public void Count(int images, double lossSum, int errors)
    {
        _epochImages += images;
        _epochLoss += lossSum;
        _epochErrors += errors;
        _lastLoss = lossSum / images;
    }

    public void CountValidation(TimeSpan time)
    {
        _validation += time;
        _validations++;
    }

    public StepReport Report(TrainingPosition position, double rate, TimeSpan waited)
    {
        double seconds = Math.Max(1e-9, Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds);
        long done = position.TotalSteps - start.TotalSteps;
        long left = ((long)(epochs - position.Epoch) * stepsPerEpoch) - position.Step;
        double perStep = (Elapsed - _validation).TotalSeconds / Math.Max(1, done);
        double validation = _validations > 0 ? _validation.TotalSeconds / _validations * (epochs - position.Epoch) : 0.0;
        return new StepReport(
            position.Epoch + 1,
            epochs,
            position.Step,
            stepsPerEpoch,
            position.TotalSteps,
            _lastLoss,
            EpochLoss,
            100.0 * _epochErrors / Math.Max(1, _epochImages),
            rate,
            _epochImages / seconds,
            waited.TotalSeconds / seconds,
            PeakMemory(),
            Elapsed,
            TimeSpan.FromSeconds(Math.Min((perStep * left) + validation, MostSeconds)))
        {
            EpochImages = _epochImages,
        };
    }

    // Asking the system takes longer than a small step: once a second will do.
    private long PeakMemory()
    {
        if (_peakMemory > 0 && Stopwatch.GetElapsedTime(_peakAsked) < TimeSpan.FromSeconds(1))
        {
            return _peakMemory;
        }

        _peakAsked = Stopwatch.GetTimestamp();
        using Process process = Process.GetCurrentProcess();
        return _peakMemory = process.PeakWorkingSet64;
    }
}
