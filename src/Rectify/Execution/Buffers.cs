namespace Rectify.Execution;

/// <summary>A stretch of the arena.</summary>
/// <param name="Offset">First float.</param>
/// <param name="Length">Floats; 0 for none.</param>
internal readonly record struct BufferSlice(long Offset, int Length);

/// <summary>A buffer that is wanted from one moment to another, both included.</summary>
/// <param name="Length">Floats.</param>
/// <param name="First">Moment of the first use.</param>
/// <param name="Last">Moment of the last use.</param>
internal readonly record struct BufferRequest(int Length, int First, int Last);

/// <summary>Lays buffers into one arena so that those alive at the same moment do not overlap: largest first, each at the lowest place that is free.</summary>
internal static class ArenaLayout
{
    // Whole lines of 64 bytes.
    private const int Alignment = 16;

    /// <summary>Places the buffers.</summary>
    /// <param name="requests">What is wanted.</param>
    /// <param name="slices">Where each lies; overwritten.</param>
    /// <returns>Floats that the arena must hold.</returns>
    public static long Place(ReadOnlySpan<BufferRequest> requests, Span<BufferSlice> slices)
    {
        int[] order = new int[requests.Length];
        int[] keys = new int[requests.Length];
        for (int i = 0; i < order.Length; i++)
        {
            (order[i], keys[i]) = (i, -requests[i].Length);
        }

        Array.Sort(keys, order);
        List<int> placed = [];
        long total = 0;
        foreach (int i in order)
        {
            BufferRequest request = requests[i];
            if (request.Length == 0)
            {
                slices[i] = default;
                continue;
            }

            long offset = LowestFree(request, requests, slices, placed);
            slices[i] = new BufferSlice(offset, request.Length);
            total = Math.Max(total, offset + Rounded(request.Length));
            placed.Add(i);
        }

        return total;
    }

    private static long LowestFree(BufferRequest request, ReadOnlySpan<BufferRequest> requests, ReadOnlySpan<BufferSlice> slices, List<int> placed)
    {
        long offset = 0;
        bool moved = true;
        while (moved)
        {
            moved = false;
            foreach (int other in placed)
            {
                bool alive = requests[other].First <= request.Last && request.First <= requests[other].Last;
                long end = slices[other].Offset + Rounded(slices[other].Length);
                if (alive && offset < end && slices[other].Offset < offset + Rounded(request.Length))
                {
                    offset = end;
                    moved = true;
                }
            }
        }

        return offset;
    }

    private static long Rounded(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
