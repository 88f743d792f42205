using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Winograd;

/// <summary>How a Winograd convolution is cut up: blocks of tiles × groups of output panels, more of them for many threads.</summary>
/// <remarks>
/// A chunk transforms its block's patches (V: in L3, one slice and point of it in L2), then goes through its panels two at a time: their filters, slice by slice,
/// into L2 (U), n² products into L2 (M), the outputs. So the filters are transformed once a block, a thirtieth of its time: to keep them in memory, transformed, is
/// no faster, for they are four times as long as the filters. No element's sum depends on the cut: the same bits for any batch, position and number of threads.
/// </remarks>
internal readonly struct WinogradPlan
{
    /// <summary>Panels multiplied at a time: two vectors of 512 bits.</summary>
    public const int PanelPair = 2;

    private const int Block = MapShape.ChannelBlock;
    private const int LargestBlock = 98;

    // Every group of panels transforms the block's patches anew, which takes one of 128 outputs about a twelfth of its time: so the fewest groups whose chunks the
    // threads share evenly (14×14, batch 8 and 16, two threads: 6 to 17 % faster than with four), and for small batches fewer chunks than elsewhere.
    private const int ChunksWanted = 8;
    private const int SmallestGroup = 8;

    // Threads that these are too few for get smaller blocks, which need less of the cache that they share, and then smaller groups, whatever is done twice for it.
    private const int SmallestBlock = 42;
    private const int ThreadChunks = 2;

    public WinogradPlan(in TileGrid grid, int threads)
    {
        Grid = grid;
        int tiles = grid.Count;
        Blocks = Math.Max(1, (tiles + LargestBlock - 1) / LargestBlock);
        Panels = grid.Output.Pitch / Block;
        int mostGroups = Math.Clamp(ChunksWanted / Blocks, 1, Math.Max(1, Panels / SmallestGroup));
        Groups = 1;
        while (Groups < mostGroups && Chunks % threads != 0)
        {
            Groups++;
        }

        int least = ThreadChunks * threads;
        if (Chunks < least && Chunks % threads != 0)
        {
            int smallBlocks = (tiles + SmallestBlock - 1) / SmallestBlock;
            Blocks = Math.Max(Blocks, Math.Min(smallBlocks, (least + Groups - 1) / Groups));
            Groups = Math.Clamp((least + Blocks - 1) / Blocks, 1, (Panels + PanelPair - 1) / PanelPair);
        }

        BlockTiles = (tiles + Blocks - 1) / Blocks;
        V = new PointMatrices(grid.Input.Pitch, BlockTiles, grid.Points);
        UPoint = PointMatrices.OddLines((nint)V.SliceChannels * Block);
        MPoint = PointMatrices.OddLines((nint)BlockTiles * MRow);
    }

    /// <summary>Floats from a tile to the next in M.</summary>
    public static nint MRow => PanelPair * Block;

    /// <summary>The tiles.</summary>
    public TileGrid Grid { get; }

    /// <summary>Blocks of tiles.</summary>
    public int Blocks { get; }

    /// <summary>Most tiles of a block.</summary>
    public int BlockTiles { get; }

    /// <summary>Panels of 16 output channels.</summary>
    public int Panels { get; }

    /// <summary>Groups of panels.</summary>
    public int Groups { get; }

    /// <summary>Layout of a block's transformed patches.</summary>
    public PointMatrices V { get; }

    /// <summary>Floats from a point to the next in the transformed filters of a panel and slice.</summary>
    public nint UPoint { get; }

    /// <summary>Floats of the transformed filters of a panel and slice.</summary>
    public nint ULength => Grid.Points * UPoint;

    /// <summary>Floats from a point to the next in the products.</summary>
    public nint MPoint { get; }

    /// <summary>Chunks in all.</summary>
    public int Chunks => Blocks * Groups;

    /// <summary>Floats that one worker needs: V, M, U of two panels and a slice, a patch.</summary>
    public long WorkerLength => ScratchOfPatch + PatchLength(Grid);

    /// <summary>Floats of a tile's patch.</summary>
    public static int PatchLength(in TileGrid grid) => grid.Points * Block;

    /// <summary>Floats of scratch in all.</summary>
    public long ScratchLength(int workers) => workers * WorkerLength;

    /// <summary>Where M begins in a worker's scratch.</summary>
    public long ScratchOfM => V.Length;

    /// <summary>Where U begins.</summary>
    public long ScratchOfU => ScratchOfM + (Grid.Points * MPoint);

    /// <summary>Where a patch begins.</summary>
    public long ScratchOfPatch => ScratchOfU + (PanelPair * ULength);

    /// <summary>First tile of a block.</summary>
    public int FirstTile(int block) => (int)((long)Grid.Count * block / Blocks);

    /// <summary>First panel of a group.</summary>
    public int FirstPanel(int group) => Panels * group / Groups;
}
