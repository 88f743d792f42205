using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>One network's part of an evaluation: its errors at each scale, and with all scales together.</summary>
internal sealed class MemberTally
{
    private readonly IReadOnlyList<int> _scales;
    private readonly ScoreTally[] _tallies;
    private readonly ScoreTally _combined;
    private readonly string _name;
    private readonly int[] _places;

    /// <summary>Nothing counted yet.</summary>
    /// <param name="member">The network.</param>
    /// <param name="scales">Its scales.</param>
    /// <param name="data">The images, whose classes all tables have.</param>
    /// <param name="origin">Where the scores of all scales come from; null where none are kept.</param>
    public MemberTally(ViewMember member, IReadOnlyList<int> scales, IDataset data, ScoreOrigin? origin)
    {
        (_name, _scales) = (member.Name, scales);
        _places = Places(member, data.Classes);
        _tallies = [.. scales.Select(scale => new ScoreTally(data, origin is null ? null : origin with { Scales = [scale] }))];
        _combined = new ScoreTally(data, origin);
    }

    public MemberErrors Result => new(
        _name, [.. _scales.Select((scale, i) => new ScaleErrors(scale, _tallies[i].Errors, _tallies[i].Scores))], _combined.Errors, _combined.Scores);

    /// <summary>Where each output of a network stands among some classes.</summary>
    /// <exception cref="UsageException">The classes are not the same.</exception>
    public static int[] Places(ViewMember member, IReadOnlyList<string> classes)
    {
        Dictionary<string, int> places = classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        string? foreign = member.Classes.FirstOrDefault(name => !places.ContainsKey(name));
        if (foreign is not null || member.Classes.Count != classes.Count)
        {
            string own = foreign is null ? $"{member.Classes.Count}" : $"{member.Classes.Count}, '{foreign}' among them";
            throw new UsageException($"The classes of {member.Name} ({own}) are not the {classes.Count} of the first network: only networks of the same classes can be "
                + "evaluated together.");
        }

        return [.. member.Classes.Select(name => places[name])];
    }

    /// <summary>Counts an image.</summary>
    /// <param name="image">Which.</param>
    /// <param name="block">The block that holds its scores.</param>
    /// <param name="place">Its place there.</param>
    /// <param name="member">The network's place there.</param>
    /// <returns>The scores of all scales together.</returns>
    public float[] Add(int image, ScoredBlock block, int place, int member)
    {
        double[] combined = new double[_places.Length];
        float[] scores = new float[_places.Length];
        for (int i = 0; i < _scales.Count; i++)
        {
            ReadOnlySpan<float> own = block.Mean(place, member, i);
            for (int k = 0; k < own.Length; k++)
            {
                scores[_places[k]] = own[k];
                combined[_places[k]] += own[k];
            }

            _tallies[i].Add(image, scores);
        }

        float[] mean = [.. combined.Select(sum => (float)(sum / _scales.Count))];
        _combined.Add(image, mean);
        return mean;
    }

    public void AddUnreadable()
    {
        foreach (ScoreTally tally in _tallies)
        {
            tally.AddUnreadable();
        }

        _combined.AddUnreadable();
    }
}
