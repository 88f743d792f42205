using System.Text.Json.Serialization;

namespace Rectify.Reproduction;

/// <summary>What an experiment found.</summary>
public sealed record ExperimentResult
{
    /// <summary>The experiment.</summary>
    public required string Name { get; init; }

    /// <summary>The paper's table, figure or section.</summary>
    public required string Place { get; init; }

    /// <summary>The scale; empty where there are none.</summary>
    public string Scale { get; init; } = "";

    /// <summary>The command.</summary>
    public string Command { get; init; } = "";

    /// <summary>Machine, cores and system.</summary>
    public string Machine { get; init; } = "";

    /// <summary>How many seeds each variant was run with.</summary>
    public int Seeds { get; init; }

    /// <summary>How the runs were made, in words.</summary>
    public string Setting { get; init; } = "";

    /// <summary>Minutes of training, wherever and whenever the runs were made, and of the rest.</summary>
    public double Minutes { get; init; }

    /// <summary>What was claimed and what was found.</summary>
    public required IReadOnlyList<JudgedClaim> Claims { get; init; }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    /// <summary>Curves to draw.</summary>
    public IReadOnlyList<ResultCurve> Curves { get; init; } = [];

    /// <summary>What differs from the paper.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>Folders of the runs.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>That of all claims together.</summary>
    public Judgement Judgement => Judgements.Of(Claims.Select(claim => claim.Judgement));
}

/// <summary>A claim of the paper beside what was found.</summary>
/// <param name="Claim">What the paper says.</param>
/// <param name="Paper">Its numbers.</param>
/// <param name="Ours">Ours, with intervals.</param>
/// <param name="Test">The test, fixed before the runs.</param>
/// <param name="Judgement">What it says.</param>
public sealed record JudgedClaim(string Claim, string Paper, string Ours, string Test, Judgement Judgement);

/// <summary>A table of a result, its numbers written out.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">A cell a column.</param>
public sealed record ResultTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A curve of a result.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Quantity">What it shows, e.g. "training loss".</param>
/// <param name="Unit">What it is counted in along the way: "step" or "epoch".</param>
/// <param name="Values">Its values.</param>
public sealed record ResultCurve(string Name, string Quantity, string Unit, IReadOnlyList<double> Values);

/// <summary>How results are written as JSON.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ExperimentResult))]
internal sealed partial class ResultJson : JsonSerializerContext
{
}
