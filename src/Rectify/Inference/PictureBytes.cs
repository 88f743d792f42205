using System.Buffers;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>An encoded picture, read from a stream to its end into a rented buffer; disposing gives the buffer back.</summary>
internal sealed class PictureBytes : IDisposable
{
    private const int FirstLength = 1 << 16;

    private readonly string _name;
    private readonly long _limit;
    private byte[] _buffer;
    private int _length;

    private PictureBytes(Stream stream, string name, long limit)
    {
        (_name, _limit) = (name, limit);
        long first = FirstLength;
        if (stream.CanSeek)
        {
            first = Math.Max(stream.Length - stream.Position, 0);
            if (first > limit)
            {
                throw TooLong();
            }
        }

        // One byte more than there should be: the read that finds the end needs room.
        _buffer = ArrayPool<byte>.Shared.Rent((int)first + 1);
    }

    /// <summary>The bytes; valid until disposed.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">From its position; not disposed.</param>
    /// <param name="name">What to call it in a message.</param>
    /// <param name="limit">The most bytes that are read.</param>
    /// <exception cref="RectifyException">The stream is longer.</exception>
    public static PictureBytes Read(Stream stream, string name, long limit = FileSpan.MaxLength)
    {
        PictureBytes bytes = new(stream, name, limit);
        try
        {
            while (bytes.Advance(stream.Read(bytes.Free.Span)))
            {
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Reads a stream to its end without holding a thread.</summary>
    /// <inheritdoc cref="Read"/>
    public static async Task<PictureBytes> ReadAsync(Stream stream, string name, CancellationToken cancellation, long limit = FileSpan.MaxLength)
    {
        PictureBytes bytes = new(stream, name, limit);
        try
        {
            while (bytes.Advance(await stream.ReadAsync(bytes.Free, cancellation).ConfigureAwait(false)))
            {
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        (_buffer, _length) = ([], 0);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Memory<byte> Free => _buffer.AsMemory(_length);

    // Takes note of what was read and makes room for more; false at the end.
    private bool Advance(int read)
    {
        _length += read;
        if (_length > _limit)
        {
            throw TooLong();
        }

        if (read > 0 && _length == _buffer.Length)
        {
            byte[] longer = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _length, _limit + 1));
            Span.CopyTo(longer);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = longer;
        }

        return read > 0;
    }

    private RectifyException TooLong() => new($"{_name} has more than {_limit} bytes, and pictures up to that length are read; make it smaller.");
}
