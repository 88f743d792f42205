namespace Rectify.Kernels.Threading;

/// <summary>Work cut into chunks that may run in any order on any thread. A struct of pointers and sizes: nothing is captured, nothing allocated.</summary>
internal interface IChunkJob
{
    /// <summary>Does one chunk.</summary>
    /// <param name="chunk">0..chunks−1: what to do. The result may depend on it alone.</param>
    /// <param name="worker">0..Workers.Count−1: which scratch memory to use. The result must not depend on it.</param>
    void Run(int chunk, int worker);
}
