using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>How the gradient of a photo's filters is summed: groups of strips, each with a partial sum of its own if there is more than one; a matter of the shape alone.</summary>
internal readonly struct PhotoFilterPlan
{
    private const int MostGroups = 32;
    private const int FewestStrips = 4;

    // A strip's dy for one tile stays in L1.
    private const int StripPixels = 256;

    private readonly int _panels;

    public PhotoFilterPlan(in ConvolutionShape shape)
    {
        Rows = new PaddedRows(shape, StripPixels);
        Strips = shape.Input.N * Rows.Strips;
        Groups = Math.Clamp(Strips / FewestStrips, 1, MostGroups);
        WeightLength = shape.WeightLength;
        _panels = shape.Output.Pitch / MapShape.ChannelBlock;
    }

    /// <summary>The photos' rows.</summary>
    public PaddedRows Rows { get; }

    /// <summary>Strips of the batch.</summary>
    public int Strips { get; }

    /// <summary>Groups of strips: the chunks of the work.</summary>
    public int Groups { get; }

    /// <summary>Floats of dw.</summary>
    public int WeightLength { get; }

    /// <summary>Floats of a strip's dy, panel by panel.</summary>
    public long PackedLength => (long)Rows.Height * Rows.Columns * _panels * MapShape.ChannelBlock;

    /// <summary>Floats that one worker needs.</summary>
    public long WorkerLength => Rows.Length + PackedLength;

    /// <summary>Floats of scratch in all.</summary>
    public long ScratchLength(int workers) => (workers * WorkerLength) + (Groups > 1 ? (long)Groups * WeightLength : 0);

    /// <summary>The first strip of a group.</summary>
    public int First(int group) => (int)((long)Strips * group / Groups);
}
