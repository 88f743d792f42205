using System.Runtime.InteropServices;

namespace Rectify.Tensors;

/// <summary>A block of floats outside the managed heap, aligned to 64 bytes and zero at first.</summary>
/// <remarks>
/// Not thread-safe as an object; its content is whatever its users agree on. A buffer that is not disposed is freed by its finalizer, and the collector does not
/// see spans: a span does not keep its buffer alive. So whoever uses spans of a buffer keeps the buffer itself reachable meanwhile, in a field of an object in
/// use or a <c>using</c> variable; never write <c>new NativeBuffer(n).Slice(…)</c>.
/// </remarks>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private static long _liveBytes;
    private float* _start;

    /// <summary>Takes <paramref name="length"/> floats from the system.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has not so much.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)length * sizeof(float));
        _start = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64);
        HugePages.Advise((nint)_start, (nint)bytes);
        Clear();
        Interlocked.Add(ref _liveBytes, (long)bytes);
    }

    /// <summary>Bytes held by all live buffers of the process; a test compares it before and after.</summary>
    public static long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>Floats held.</summary>
    public long Length { get; }

    /// <summary>A window of the buffer.</summary>
    /// <param name="offset">First float.</param>
    /// <param name="length">Floats.</param>
    /// <exception cref="ObjectDisposedException">The buffer was freed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window does not lie inside the buffer.</exception>
    public Span<float> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new Span<float>(_start + offset, length);
    }

    /// <summary>Sets every float to zero.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was freed.</exception>
    public void Clear()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        NativeMemory.Clear(_start, checked((nuint)Length * sizeof(float)));
    }

    /// <summary>Frees the memory; spans of it must no longer be used.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what was not disposed.</summary>
    ~NativeBuffer() => Free();

    private void Free()
    {
        if (_start is null)
        {
            return;
        }

        NativeMemory.AlignedFree(_start);
        _start = null;
        Interlocked.Add(ref _liveBytes, -Length * sizeof(float));
    }
}
