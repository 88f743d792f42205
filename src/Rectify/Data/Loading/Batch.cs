namespace Rectify.Data;

/// <summary>Some samples ready for the net. Valid until the loader's next batch is asked for: the arrays are then filled anew.</summary>
public sealed class Batch
{
    private readonly int[] _failed;
    private int _failures;

    internal Batch(int capacity, int size)
    {
        Pixels = new float[checked(capacity * 3 * size * size)];
        (Labels, Indices, _failed) = (new int[capacity], new int[capacity], new int[capacity]);
    }

    /// <summary>The batch's place in its epoch, 0 the first.</summary>
    public int Index { get; private set; }

    /// <summary>Samples in it; the arrays may be longer. Fewer than planned in the last batch of an epoch and where samples failed (none at all in
    /// a batch of one sample that failed).</summary>
    public int Count { get; private set; }

    /// <summary>[Count,size,size,3] float32, RGB, 0..255 minus the mean.</summary>
    public float[] Pixels { get; }

    /// <summary>[Count] classes.</summary>
    public int[] Labels { get; }

    /// <summary>[Count] indices in the data set.</summary>
    public int[] Indices { get; }

    /// <summary>Indices of the samples that belong to the batch and could not be read; an evaluation counts them as errors.</summary>
    public ReadOnlySpan<int> Failed => _failed.AsSpan(0, _failures);

    // What the workers wrote for one sample; each position is written by one of them.
    internal void Set(int position, int index, int label) => (Indices[position], Labels[position]) = (index, label);

    // A label that no class has marks a failed sample until the batch is closed.
    internal void Fail(int position, int index) => (Indices[position], Labels[position]) = (index, -1);

    // Closes the gaps that failed samples left; the order of the others stays.
    internal void Complete(int index, int planned)
    {
        int length = Pixels.Length / Labels.Length;
        (Index, Count, _failures) = (index, 0, 0);
        for (int i = 0; i < planned; i++)
        {
            if (Labels[i] < 0)
            {
                _failed[_failures++] = Indices[i];
                continue;
            }

            if (Count < i)
            {
                (Labels[Count], Indices[Count]) = (Labels[i], Indices[i]);
                Pixels.AsSpan(i * length, length).CopyTo(Pixels.AsSpan(Count * length));
            }

            Count++;
        }
    }
}
