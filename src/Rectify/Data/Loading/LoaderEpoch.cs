using Rectify.Communication;

namespace Rectify.Data;

/// <summary>The plan of one epoch: which samples stand where.</summary>
/// <param name="number">The epoch.</param>
/// <param name="order">The samples in order; null for the data set's own.</param>
/// <param name="samples">Samples in the epoch.</param>
/// <param name="batchSize">Samples in a full batch of all ranks together.</param>
/// <param name="rank">Whose part of each batch is read.</param>
/// <param name="ranks">How many read it together.</param>
internal sealed class LoaderEpoch(int number, int[]? order, int samples, int batchSize, int rank, int ranks)
{
    /// <summary>The epoch, from 0.</summary>
    public int Number => number;

    /// <summary>Batches in it.</summary>
    public int Batches => (int)(((long)samples + batchSize - 1) / batchSize);

    /// <summary>Samples of a batch that are to be read here.</summary>
    public int Planned(int batch) => ShareOf(batch).Count;

    /// <summary>The sample at a position of this rank's part of a batch.</summary>
    public int SampleAt(int batch, int position)
    {
        int place = (batch * batchSize) + ShareOf(batch).Begin + position;
        return order is null ? place : order[place];
    }

    private Share ShareOf(int batch) => Share.Of((int)Math.Min(batchSize, samples - ((long)batch * batchSize)), rank, ranks);
}
