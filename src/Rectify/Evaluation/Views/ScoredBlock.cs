using Rectify.Communication;

namespace Rectify.Evaluation;

/// <summary>What some images in a row were answered, by each network at each scale. Of several ranks each fills its share; all have all of it after
/// <see cref="Gather"/>.</summary>
internal sealed class ScoredBlock
{
    private readonly int[][] _offsets;
    private readonly int[] _lengths;
    private readonly int _each;
    private float[] _means = [];
    private bool[] _read = [];

    /// <summary>A block without images.</summary>
    /// <param name="classes">Outputs of each network.</param>
    /// <param name="scales">Scales of each network.</param>
    public ScoredBlock(IReadOnlyList<int> classes, IReadOnlyList<int> scales)
    {
        _lengths = [.. classes];
        _offsets = new int[classes.Count][];
        for (int m = 0; m < classes.Count; m++)
        {
            _offsets[m] = new int[scales[m]];
            for (int s = 0; s < scales[m]; s++)
            {
                _offsets[m][s] = _each;
                _each += classes[m];
            }
        }
    }

    /// <summary>Floats of an image.</summary>
    public int LengthOfOne => _each;

    /// <summary>Makes room for so many images, none of which is read yet.</summary>
    public void Begin(int images)
    {
        if (_means.Length < images * _each)
        {
            _means = new float[images * _each];
        }

        _read = new bool[images];
    }

    /// <summary>Keeps the means of an image's views.</summary>
    public void Put(int image, ScoreSum[][] sums)
    {
        _read[image] = true;
        for (int m = 0; m < sums.Length; m++)
        {
            for (int s = 0; s < sums[m].Length; s++)
            {
                sums[m][s].Mean().CopyTo(_means, (image * _each) + _offsets[m][s]);
            }
        }
    }

    /// <summary>Completes it with the shares of the other ranks.</summary>
    public void Gather(Communicator communicator)
    {
        communicator.GatherShares(_means.AsSpan(0, _read.Length * _each), _each);
        communicator.GatherShares(_read.AsSpan());
    }

    /// <summary>Whether an image could be read.</summary>
    public bool IsRead(int image) => _read[image];

    /// <summary>The scores of an image by a network at a scale.</summary>
    public ReadOnlySpan<float> Mean(int image, int member, int scale) => _means.AsSpan((image * _each) + _offsets[member][scale], _lengths[member]);
}
