using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>Layout of transformed maps: [slice][n² points][rows][channels of a slice].</summary>
/// <remarks>
/// A slice holds at most <see cref="LargestSlice"/> channels, all slices but the last equally many: sums over channels are begun anew with each, which halves the
/// error and lets the slice's transformed filters stay in L2. From point to point it is an odd number of lines, so that the stores of a patch do not fall into one
/// set of the cache.
/// </remarks>
internal readonly struct PointMatrices
{
    /// <summary>Most channels of a slice.</summary>
    public const int LargestSlice = 64;

    public PointMatrices(int channels, int rows, int points, int largestSlice = LargestSlice)
    {
        Channels = channels;
        Rows = rows;
        Points = points;
        Slices = (channels + largestSlice - 1) / largestSlice;
        SliceChannels = MapShape.Blocks((channels + Slices - 1) / Slices) * MapShape.ChannelBlock;
        PointStride = OddLines((nint)rows * SliceChannels);
    }

    /// <summary>Channels in all, a multiple of 16.</summary>
    public int Channels { get; }

    /// <summary>Rows of each matrix: tiles.</summary>
    public int Rows { get; }

    /// <summary>Points: matrices of a slice.</summary>
    public int Points { get; }

    /// <summary>Slices of channels.</summary>
    public int Slices { get; }

    /// <summary>Channels of a slice, the last's surplus included; floats from a row to the next.</summary>
    public int SliceChannels { get; }

    /// <summary>Floats from a point to the next.</summary>
    public nint PointStride { get; }

    /// <summary>Floats from a slice to the next.</summary>
    public nint SliceLength => Points * PointStride;

    /// <summary>Floats in all.</summary>
    public long Length => (long)Slices * SliceLength;

    /// <summary>Channels of one slice.</summary>
    public int ChannelsOf(int slice) => Math.Min(SliceChannels, Channels - (slice * SliceChannels));

    /// <summary>The least odd number of lines of 16 floats that holds a length, in floats.</summary>
    public static nint OddLines(nint length) => (((length + MapShape.ChannelBlock - 1) / MapShape.ChannelBlock) | 1) * MapShape.ChannelBlock;
}
