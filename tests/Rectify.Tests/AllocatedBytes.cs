namespace Rectify.Tests;

/// <summary>What some code allocates on the managed heap.</summary>
internal static class AllocatedBytes
{
    /// <summary>Bytes that it allocates on this thread each time; it runs some times before, so that the JIT is done with it.</summary>
    /// <remarks>
    /// The least of several measurements: a background collection, set off by another test between two readings of the counter, ends this thread's
    /// allocation window, and what is left of the window, up to 8 KB, is then counted as if it had been allocated. Code that allocates does so every time.
    /// </remarks>
    public static long Least(Action run, int warmUps = 3)
    {
        for (int i = 0; i < warmUps; i++)
        {
            run();
        }

        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
