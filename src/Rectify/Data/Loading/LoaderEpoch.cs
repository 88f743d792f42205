namespace Rectify.Data;

/// <summary>The plan of one epoch: which samples stand where.</summary>
/// <param name="number">The epoch.</param>
/// <param name="order">The samples in order; null for the data set's own.</param>
/// <param name="samples">Samples in the epoch.</param>
/// <param name="batchSize">Samples in a full batch.</param>
internal sealed class LoaderEpoch(int number, int[]? order, int samples, int batchSize)
{
    /// <summary>The epoch, from 0.</summary>
    public int Number => number;

    /// <summary>Batches in it.</summary>
    public int Batches => (int)(((long)samples + batchSize - 1) / batchSize);

    /// <summary>Samples planned for a batch.</summary>
    public int Planned(int batch) => (int)Math.Min(batchSize, samples - ((long)batch * batchSize));

    /// <summary>The sample at a position of a batch.</summary>
    public int SampleAt(int batch, int position)
    {
        int place = (batch * batchSize) + position;
        return order is null ? place : order[place];
    }
}
