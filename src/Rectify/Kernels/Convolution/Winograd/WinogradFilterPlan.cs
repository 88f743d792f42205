using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>How a Winograd backward-filter is cut up: rounds of blocks of tiles, in each round slices of dw × blocks.</summary>
/// <remarks>
/// A round transforms the patches (V) and gradients (D) of its blocks, shared by all threads; then a chunk multiplies a slice of at most 64 input channels with two
/// panels of outputs over one block's tiles, n² products whose sums stay in registers, and brings them to r² taps. Where dw has chunks enough, a round is one
/// block and its chunks add to dw; a small dw takes several blocks a round, each with a partial sum of its own, which are added in their order at last. Blocks
/// and rounds, and so all sums, are a matter of the shape alone; many threads get smaller slices, and fewer tiles to transform at a time.
/// </remarks>
internal readonly struct WinogradFilterPlan
{
    private const int Block = MapShape.ChannelBlock;
    private const int PanelPair = WinogradPlan.PanelPair;
    private const int LargestBlock = 98;
    private const int ChunksWanted = 16;
    private const int ThreadChunks = 2;
    private const int SmallestSlice = 16;
    private const int MostTransformTiles = 7;

    public WinogradFilterPlan(in ConvolutionShape shape, in TileGrid grid, int threads)
    {
        Grid = grid;
        WeightLength = shape.WeightLength;
        int tiles = Grid.Count;
        Blocks = Math.Max(1, (tiles + LargestBlock - 1) / LargestBlock);
        BlockTiles = (tiles + Blocks - 1) / Blocks;
        Panels = shape.Output.Pitch / Block;
        Pairs = (Panels + PanelPair - 1) / PanelPair;
        V = new PointMatrices(shape.Input.Pitch, BlockTiles, grid.Points);
        DPoint = PointMatrices.OddLines((nint)BlockTiles * Block);
        int chunks = V.Slices * Pairs;
        RoundBlocks = Math.Clamp((ChunksWanted + chunks - 1) / chunks, 1, Blocks);
        int least = ThreadChunks * threads;
        for (int slice = V.SliceChannels / 2; V.Slices * Pairs * RoundBlocks < least && slice >= SmallestSlice; slice /= 2)
        {
            V = new PointMatrices(shape.Input.Pitch, BlockTiles, grid.Points, slice);
        }

        UPoint = PointMatrices.OddLines((nint)V.SliceChannels * URow);
        TransformTiles = Math.Clamp(RoundBlocks * BlockTiles / least, 1, MostTransformTiles);
    }

    /// <summary>Floats from a channel to the next in the transformed gradient of the filters.</summary>
    public static nint URow => PanelPair * Block;

    /// <summary>The tiles of the forward convolution.</summary>
    public TileGrid Grid { get; }

    /// <summary>Blocks of tiles.</summary>
    public int Blocks { get; }

    /// <summary>Most tiles of a block.</summary>
    public int BlockTiles { get; }

    /// <summary>Blocks of a round, each with a partial sum of its own if there is more than one.</summary>
    public int RoundBlocks { get; }

    /// <summary>Tiles that a chunk of the transforms takes.</summary>
    public int TransformTiles { get; }

    /// <summary>Panels of 16 output channels.</summary>
    public int Panels { get; }

    /// <summary>Pairs of panels.</summary>
    public int Pairs { get; }

    /// <summary>Floats of dw.</summary>
    public int WeightLength { get; }

    /// <summary>Layout of a block's transformed patches.</summary>
    public PointMatrices V { get; }

    /// <summary>Floats from a point to the next in a panel's transformed gradients.</summary>
    public nint DPoint { get; }

    /// <summary>Floats of a panel's transformed gradients.</summary>
    public nint DPanel => Grid.Points * DPoint;

    /// <summary>Floats from a point to the next in the transformed gradient of the filters.</summary>
    public nint UPoint { get; }

    /// <summary>Floats of a block's V and D.</summary>
    public long BlockLength => V.Length + (Panels * DPanel);

    /// <summary>Floats that one worker needs: the transformed gradient of a chunk's filters, a patch.</summary>
    public long WorkerLength => (Grid.Points * UPoint) + WinogradPlan.PatchLength(Grid);

    /// <summary>Floats of the partial sums.</summary>
    public long PartialsLength => RoundBlocks > 1 ? (long)RoundBlocks * WeightLength : 0;

    /// <summary>Floats of scratch in all.</summary>
    public long ScratchLength(int workers) => (RoundBlocks * BlockLength) + PartialsLength + (workers * WorkerLength);

    /// <summary>First tile of a block.</summary>
    public int FirstTile(int block) => (int)((long)Grid.Count * block / Blocks);
}
