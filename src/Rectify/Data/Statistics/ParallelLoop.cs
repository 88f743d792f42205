using System.Runtime.InteropServices;
using Rectify.Kernels.Threading;

namespace Rectify.Data;

/// <summary>Runs a body for each of many items on <see cref="Workers"/>: what kernels' jobs cannot do, because it reads files and allocates.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs body(item, worker) for items 0..count−1, in any order; what it does for an item may depend on the item alone.</summary>
    public static void Run(Workers workers, int count, Action<int, int> body)
    {
        GCHandle handle = GCHandle.Alloc(body);
        try
        {
            Job job = new() { Body = handle };
            workers.Run(count, ref job);
        }
        finally
        {
            handle.Free();
        }
    }

    private struct Job : IChunkJob
    {
        public GCHandle Body;

        public readonly void Run(int chunk, int worker) => ((Action<int, int>)Body.Target!)(chunk, worker);
    }
}
