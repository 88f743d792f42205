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

    /// <summary>Bars to draw.</summary>
    public IReadOnlyList<ResultBars> Bars { get; init; } = [];

    /// <summary>Test images with what was answered to them.</summary>
    public IReadOnlyList<ResultPicture> Pictures { get; init; } = [];

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
/// <param name="Unit">What it is counted in along the way: "step", "epoch" or "layer".</param>
/// <param name="Values">Its values.</param>
/// <param name="IsLogarithmic">Whether they span powers of ten.</param>
public sealed record ResultCurve(string Name, string Quantity, string Unit, IReadOnlyList<double> Values, bool IsLogarithmic = false);

/// <summary>Numbers of a result by name, to be drawn as bars in their order.</summary>
/// <param name="Title">What they show.</param>
/// <param name="Quantity">What is counted, with its unit.</param>
/// <param name="Names">Of what.</param>
/// <param name="Values">How much.</param>
public sealed record ResultBars(string Title, string Quantity, IReadOnlyList<string> Names, IReadOnlyList<double> Values);

/// <summary>A test image with the most probable classes.</summary>
/// <param name="Group">Under which heading it stands.</param>
/// <param name="Image">Its place among the test images.</param>
/// <param name="Name">Its name.</param>
/// <param name="Label">Its class.</param>
/// <param name="Rank">The place of its class among all answers, 0 the first.</param>
/// <param name="Answers">The first of them.</param>
public sealed record ResultPicture(string Group, int Image, string Name, string Label, int Rank, IReadOnlyList<ResultAnswer> Answers);

/// <summary>A class and its probability.</summary>
/// <param name="Class">The class.</param>
/// <param name="Probability">From 0 to 1.</param>
public sealed record ResultAnswer(string Class, double Probability);

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
