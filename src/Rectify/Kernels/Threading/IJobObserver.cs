namespace Rectify.Kernels.Threading;

/// <summary>Hears of each job that <see cref="Workers"/> have done, on the thread that asked for it.</summary>
internal interface IJobObserver
{
    /// <summary>A job is done.</summary>
    /// <param name="chunks">Its chunks.</param>
    /// <param name="ticks">Its time, in ticks of Stopwatch.</param>
    void Done(int chunks, long ticks);
}
