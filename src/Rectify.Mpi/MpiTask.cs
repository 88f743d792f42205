namespace Rectify.Mpi;

/// <summary>What the communication thread is asked to do.</summary>
internal enum MpiOperation
{
    /// <summary>Sum floats in place.</summary>
    Sum,

    /// <summary>The same, by the library's call that waits: nothing else is done meanwhile.</summary>
    SumAtOnce,

    /// <summary>Gather floats of several counts in place.</summary>
    GatherMany,

    /// <summary>Gather bytes.</summary>
    Gather,

    /// <summary>Give all what rank 0 has.</summary>
    Broadcast,
}

/// <summary>A request to the communication thread; kept and used again.</summary>
internal sealed unsafe class MpiTask(int ranks)
{
    /// <summary>What to do.</summary>
    public MpiOperation Operation { get; set; }

    /// <summary>Where the numbers are.</summary>
    public void* Values { get; set; }

    /// <summary>Where the result goes, if elsewhere.</summary>
    public void* Result { get; set; }

    /// <summary>How many there are.</summary>
    public int Count { get; set; }

    /// <summary>Floats of each rank, pinned.</summary>
    public int[] Counts { get; } = GC.AllocateArray<int>(ranks, pinned: true);

    /// <summary>Where each rank's floats begin, pinned.</summary>
    public int[] Offsets { get; } = GC.AllocateArray<int>(ranks, pinned: true);

    /// <summary>MPI's handle once it is under way.</summary>
    public nint Request;
}
