namespace Rectify.Tensors;

/// <summary>Memory for what is needed in one size after another; taken anew only where it must grow. Its content is lost from one size to the next.</summary>
internal sealed class GrowingBuffer : IDisposable
{
    private NativeBuffer _buffer = new(0);

    /// <summary>So many floats, of any content.</summary>
    /// <exception cref="OutOfMemoryException">The system has not so much.</exception>
    public Span<float> Take(long length)
    {
        if (length > _buffer.Length)
        {
            _buffer.Dispose();
            _buffer = new NativeBuffer(0);
            _buffer = new NativeBuffer(length);
        }

        return _buffer.Slice(0, checked((int)length));
    }

    /// <summary>A window of what was taken last.</summary>
    public Span<float> Slice(long offset, int length) => _buffer.Slice(offset, length);

    public void Dispose() => _buffer.Dispose();
}
