using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>What is looked at, and how; of the rest no number depends on batch and threads, to the bit.</summary>
public sealed record ViewOptions
{
    /// <summary>The largest shorter side.</summary>
    public const int LargestScale = 1 << 14;

    /// <summary>What a network sees of a picture.</summary>
    public ViewKind Kind { get; init; }

    /// <summary>The shorter sides to which pictures are resized, in pixels; none: one that suits each network's crop (<see cref="DefaultScale"/>).</summary>
    public IReadOnlyList<int> Scales { get; init; } = [];

    /// <summary>Whether images that cannot be read are left out, instead of counting as errors.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Which tables of scores are kept.</summary>
    public KeptScores Keep { get; init; }

    /// <summary>Crops at a time; dense testing takes as many windows at a time as memory for them allows.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Threads that read pictures.</summary>
    public int LoaderWorkers { get; init; } = 2;

    /// <summary>Windows of dense testing at a time; 0: by their size.</summary>
    internal int WindowsAtATime { get; init; }

    /// <summary>The scale for crops of a size where none is given: that of evaluation; for ten views 8/7 of the crop, so that corners are not the center.</summary>
    public static int DefaultScale(ViewKind kind, int crop) => kind == ViewKind.TenView ? new Preprocessing(crop).TenViewScale : new Preprocessing(crop).EvaluationScale;

    /// <summary>The scales for crops of a size.</summary>
    /// <exception cref="UsageException">A scale holds no crop, is out of range or stands there twice.</exception>
    internal IReadOnlyList<int> ScalesFor(int crop)
    {
        if (Scales.Count == 0)
        {
            return [DefaultScale(Kind, crop)];
        }

        int least = Kind == ViewKind.Dense ? 1 : crop;
        foreach (int scale in Scales)
        {
            UsageException.Require(
                scale >= least && scale <= LargestScale,
                $"--scales {scale}: the shorter side of a picture must be between {least}{(least == crop ? ", the crop," : "")} and {LargestScale} pixels.");
        }

        UsageException.Require(Scales.Distinct().Count() == Scales.Count, $"--scales {string.Join(',', Scales)}: a scale stands there twice.");
        return Scales;
    }
}
