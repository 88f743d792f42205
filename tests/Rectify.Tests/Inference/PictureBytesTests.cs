using Rectify.Data;
using Rectify.Inference;
using Rectify.Tensors;

namespace Rectify.Tests.Inference;

public sealed class PictureBytesTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(65_537, false)]
    [InlineData(200_000, true)]
    [InlineData(200_000, false)]
    public async Task Read_WholeStream_GivesItsBytes(int length, bool seekable)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        using PictureBytes bytes = PictureBytes.Read(new Source(content, length, seekable), "x", 200_000);
        Assert.True(bytes.Span.SequenceEqual(content));
        using PictureBytes again = await PictureBytes.ReadAsync(new Source(content, length, seekable), "x", default, 200_000);
        Assert.True(again.Span.SequenceEqual(content));
    }

    [Fact]
    public void Read_OneByteTooMany_IsRefused()
    {
        string message = Assert.Throws<RectifyException>(() => PictureBytes.Read(new Source(new byte[1001], 1001, false), "The picture", 1000)).Message;
        Assert.Equal("The picture has more than 1000 bytes, and pictures up to that length are read; make it smaller.", message);
    }

    [Fact]
    public void Read_StreamThatSaysItIsTooLong_IsRefusedUnread()
    {
        Source source = new([], FileSpan.MaxLength + 1, true);
        _ = Assert.Throws<RectifyException>(() => PictureBytes.Read(source, "x"));
        Assert.False(source.WasRead);
    }

    // Gives at most 1000 bytes at a time, as a network does.
    private sealed class Source(byte[] content, long length, bool seekable) : MemoryStream(content)
    {
        public bool WasRead { get; private set; }

        public override bool CanSeek => seekable;

        public override long Length => seekable ? length : throw new NotSupportedException();

        public override int Read(Span<byte> buffer)
        {
            WasRead = true;
            return base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
