namespace Rectify.Layers;

/// <summary>One number a channel, the surplus channels zero.</summary>
public abstract class ChannelParameter : Parameter
{
    private protected ChannelParameter(string name, int count, int storedLength)
        : base(name, [count], storedLength)
    {
    }

    /// <inheritdoc/>
    public sealed override void ToFile(ReadOnlySpan<float> stored, Span<float> file) => stored[..Dimensions[0]].CopyTo(file);

    /// <inheritdoc/>
    public sealed override void FromFile(ReadOnlySpan<float> file, Span<float> stored)
    {
        file[..Dimensions[0]].CopyTo(stored);
        stored[Dimensions[0]..].Clear();
    }
}
