using Rectify.Diagnostics;
using Rectify.Evaluation;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>All that a report shows of a run. What could not be found is null, and a sentence beside it says why and what would give it.</summary>
public sealed record RunFacts
{
    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>How it was trained.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>How it went.</summary>
    public required RunHistory History { get; init; }

    /// <summary>What its checkpoint says; null without one.</summary>
    public NetworkFacts? Network { get; init; }

    /// <summary>Why <see cref="Network"/> is not there.</summary>
    public string WhyNoNetwork { get; init; } = "";

    /// <summary>What it answered to images; null without.</summary>
    public ScoreTable? Scores { get; init; }

    /// <summary>Where <see cref="Scores"/> come from, in a sentence; where there are none, why.</summary>
    public string AboutScores { get; init; } = "";

    /// <summary>The signal at the start and now; null without.</summary>
    public SignalFacts? Signal { get; init; }

    /// <summary>Why <see cref="Signal"/> is not there.</summary>
    public string WhyNoSignal { get; init; } = "";

    /// <summary>Pictures and what was answered to them.</summary>
    public IReadOnlyList<PhotoAnswer> Photos { get; init; } = [];

    /// <summary>Why there are no <see cref="Photos"/>.</summary>
    public string WhyNoPhotos { get; init; } = "";

    /// <summary>What classes are called by people, by name.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();

    /// <summary>A class for people.</summary>
    public string ClassName(string name) => Data.ClassWords.Label(name, Words);

    /// <summary>The slopes that it has learned, layer by layer; empty without PReLU or checkpoint.</summary>
    public IReadOnlyList<SlopeStatistics> Slopes => Network?.Slopes ?? [];
}
