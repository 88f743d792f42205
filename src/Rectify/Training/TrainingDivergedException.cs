using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Training has run away: a loss, a gradient or a weight is NaN or infinite. Nothing of the step at hand is kept.</summary>
public sealed class TrainingDivergedException : RectifyException
{
    // Enough to find the pictures; all of them are in Files.
    private const int NamesShown = 3;

    /// <summary>An error with its sentence.</summary>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its sentence and its cause.</summary>
    public TrainingDivergedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An error without a sentence; prefer the others.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>The step, counted from 1 since the beginning of training.</summary>
    public long Step { get; private init; }

    /// <summary>Its epoch, counted from 1.</summary>
    public int Epoch { get; private init; }

    /// <summary>The layer that was found first; empty if none could be named.</summary>
    public string Layer { get; private init; } = "";

    /// <summary>Names of the pictures: those whose loss is not finite, or the mini-batch whose gradient is not; none where it was found between steps.</summary>
    public IReadOnlyList<string> Files { get; private init; } = [];

    /// <summary>Puts the sentence together.</summary>
    /// <param name="what">Its beginning: what is not finite.</param>
    /// <param name="layer">The layer, or empty.</param>
    /// <param name="step">Counted from 1.</param>
    /// <param name="epoch">Counted from 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="files">The pictures.</param>
    /// <param name="outcome">What became of the weights, and the remedy.</param>
    internal static TrainingDivergedException Create(
        string what, string layer, long step, int epoch, ulong seed, double rate, IReadOnlyList<string> files, string outcome)
    {
        string shown = string.Join(", ", files.Take(NamesShown));
        string pictures = files.Count == 0 ? "" : files.Count <= NamesShown ? $", pictures {shown}" : $", pictures {shown} and {files.Count - NamesShown} more";
        string message = string.Create(
            CultureInfo.InvariantCulture, $"{what} at step {step} (epoch {epoch}, seed {seed}, learning rate {rate:g}{pictures}); {outcome}.");
        return new TrainingDivergedException(message) { Step = step, Epoch = epoch, Layer = layer, Files = files };
    }
}
