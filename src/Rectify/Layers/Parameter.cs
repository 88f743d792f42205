using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>Numbers that a network learns. What kind they are is their type, and the type decides about weight decay: neither name nor shape is asked.</summary>
/// <remarks>Memory is taken at the first use of <see cref="Values"/>, so a network can be looked at without it. Not thread-safe while values change.</remarks>
public abstract class Parameter : IDisposable
{
    private readonly Lock _gate = new();
    private NativeBuffer? _values;

    private protected Parameter(string name, IReadOnlyList<int> dimensions, int storedLength)
    {
        (Name, Dimensions, StoredLength) = (name, dimensions, storedLength);
        Count = dimensions.Aggregate(1L, (product, d) => checked(product * d));
    }

    /// <summary>Layer and role, e.g. "conv1.weight", "block1/conv2.weight".</summary>
    public string Name { get; internal set; }

    /// <summary>The dimensions that files show: [K,C,R,S] for filters, [K] for biases and slopes.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>How many numbers are learned: the product of <see cref="Dimensions"/>.</summary>
    public long Count { get; }

    /// <summary>Floats as stored, surplus lanes included.</summary>
    public int StoredLength { get; }

    /// <summary>The values as kernels want them; surplus lanes are zero and stay so.</summary>
    public Span<float> Values
    {
        get
        {
            if (_values is null)
            {
                lock (_gate)
                {
                    _values ??= new NativeBuffer(StoredLength);
                }
            }

            return _values.Slice(0, StoredLength);
        }
    }

    /// <summary>Whether weight decay applies.</summary>
    /// <param name="decayBiases">Whether the user asked for the decay of biases.</param>
    public abstract bool Decays(bool decayBiases);

    /// <summary>Why it does or does not, in a few words.</summary>
    public abstract string DecayReason { get; }

    /// <summary>Copies stored numbers (this parameter's, or a gradient's or velocity's laid out alike) into the order of files.</summary>
    /// <param name="stored">StoredLength floats.</param>
    /// <param name="file">Count floats; overwritten.</param>
    public abstract void ToFile(ReadOnlySpan<float> stored, Span<float> file);

    /// <summary>The way back; surplus lanes become zero.</summary>
    /// <param name="file">Count floats.</param>
    /// <param name="stored">StoredLength floats; overwritten.</param>
    public abstract void FromFile(ReadOnlySpan<float> file, Span<float> stored);

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        _values?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(',', Dimensions)}]";
}
