using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Kernels;

namespace Rectify.Reports;

/// <summary>From what the facts about a run are gathered.</summary>
public sealed record FactsOptions
{
    /// <summary>Threads and vector width.</summary>
    public required KernelContext Context { get; init; }

    /// <summary>Encodes photos.</summary>
    public IImageEncoder Encoder { get; init; } = new PngEncoder();

    /// <summary>Opens the images on which the run is looked at, with the classes of its recipe; null for none.</summary>
    /// <remarks>It may throw a <see cref="Tensors.RectifyException"/>, which then says why there are none.</remarks>
    public Func<IDataset?>? OpenImages { get; init; }

    /// <summary>What to call these images.</summary>
    public string ImagesName { get; init; } = "";

    /// <summary>Scores that were asked for; null for those of the run's folder, or new ones.</summary>
    public ScoreTable? Scores { get; init; }

    /// <summary>What to call <see cref="Scores"/>.</summary>
    public string ScoresName { get; init; } = "";

    /// <summary>Of the run's own files of scores only those of the images with this fingerprint; null for those of any.</summary>
    public string? ImagesFingerprint { get; init; }

    /// <summary>Whether pictures are to be shown and the signal is to be measured: not for a run that only stands beside another.</summary>
    public bool Whole { get; init; } = true;

    /// <summary>Hears what is being done.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>Hears how many of how many images are scored.</summary>
    public Action<int, int>? Progress { get; init; }
}
