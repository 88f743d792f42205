using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>How backward-filter is cut up: blocks of dw × groups of pixels, a matter of the shape alone.</summary>
/// <remarks>
/// Where dw is large enough for many chunks, each chunk owns its block and sums over all pixels. A small dw is summed by groups of pixels into partial sums,
/// which are then added in the groups' order.
/// </remarks>
internal readonly struct OuterProductPlan
{
    /// <summary>Pixels gathered at a time: the depth of the matrix product.</summary>
    public const int PixelBlock = 256;

    private const int ChunksWanted = 16;

    // A block of dw, the patches and the dy that make it fit L2 together, and a gathered line serves up to 128 filters.
    private const int LargestRowBlock = 256;
    private const int LargestPanelGroup = 8;

    public OuterProductPlan(in ConvolutionShape shape)
    {
        Depth = shape.Depth;
        Pixels = shape.Output.Pixels;
        Panels = shape.Output.Pitch / MapShape.ChannelBlock;
        WeightLength = shape.WeightLength;
        int blocks = (Depth + LargestRowBlock - 1) / LargestRowBlock;
        RowBlock = MapShape.Blocks((Depth + blocks - 1) / blocks) * MapShape.ChannelBlock;
        RowChunks = (Depth + RowBlock - 1) / RowBlock;
        PanelChunks = (Panels + LargestPanelGroup - 1) / LargestPanelGroup;
        PanelBlock = (Panels + PanelChunks - 1) / PanelChunks;
        int tiles = RowChunks * PanelChunks;
        int pixelBlocks = (Pixels + PixelBlock - 1) / PixelBlock;
        Groups = tiles >= ChunksWanted ? 1 : Math.Clamp(ChunksWanted / tiles, 1, Math.Max(1, pixelBlocks / 4));
    }

    /// <summary>Rows of dw: R·S·pitch.</summary>
    public int Depth { get; }

    /// <summary>Output pixels of the batch.</summary>
    public int Pixels { get; }

    /// <summary>Panels of 16 output channels.</summary>
    public int Panels { get; }

    /// <summary>Rows of dw in a chunk.</summary>
    public int RowBlock { get; }

    /// <summary>Chunks along the rows of dw.</summary>
    public int RowChunks { get; }

    /// <summary>Panels in a chunk.</summary>
    public int PanelBlock { get; }

    /// <summary>Chunks along the panels.</summary>
    public int PanelChunks { get; }

    /// <summary>Groups of pixels, each with a partial sum of its own if there is more than one.</summary>
    public int Groups { get; }

    /// <summary>Chunks in all.</summary>
    public int Chunks => RowChunks * PanelChunks * Groups;

    /// <summary>Floats of dw.</summary>
    public int WeightLength { get; }

    /// <summary>Floats from a pixel of the gathered patches to the next: an odd number of lines.</summary>
    public int SlabRow => (((RowBlock / MapShape.ChannelBlock) + 1) | 1) * MapShape.ChannelBlock;

    /// <summary>Floats that one worker needs: patches and packed dy of a block of pixels.</summary>
    public long WorkerLength => (long)PixelBlock * (SlabRow + (PanelBlock * MapShape.ChannelBlock));

    /// <summary>Floats of scratch in all.</summary>
    public long ScratchLength(int workers) => (workers * WorkerLength) + (Groups > 1 ? (long)Groups * WeightLength : 0);
}
