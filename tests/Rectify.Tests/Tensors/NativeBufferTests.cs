using System.Runtime.InteropServices;
using Rectify.Tensors;

namespace Rectify.Tests.Tensors;

// LiveBytes is the whole process's: these tests run while no others do.
[CollectionDefinition(nameof(NativeBufferTests), DisableParallelization = true)]
[Collection(nameof(NativeBufferTests))]
public sealed unsafe class NativeBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(100_003)]
    [InlineData(3_000_001)]
    public void Constructor_AnyLength_AlignedTo64AndZero(int length)
    {
        using NativeBuffer buffer = new(length);
        Assert.Equal(length, buffer.Length);
        Span<float> all = buffer.Slice(0, length);
        Assert.Equal(length, all.Length);
        Assert.True(all.IndexOfAnyExcept(0f) < 0);
        Assert.Equal(0, (long)(nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(all)) % 64);
    }

    [Fact]
    public void LiveBytes_AfterDispose_ReturnToWhatTheyWere()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = NativeBuffer.LiveBytes;
        NativeBuffer first = new(1000);
        NativeBuffer second = new(24);
        Assert.Equal(before + (1024 * sizeof(float)), NativeBuffer.LiveBytes);
        first.Dispose();
        first.Dispose();
        Assert.Equal(before + (24 * sizeof(float)), NativeBuffer.LiveBytes);
        second.Dispose();
        Assert.Equal(before, NativeBuffer.LiveBytes);
    }

    [Fact]
    public void LiveBytes_BufferForgotten_AreReturnedByTheFinalizer()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = NativeBuffer.LiveBytes;
        Thread thread = new(() => _ = new NativeBuffer(1 << 20));
        thread.Start();
        thread.Join();
        for (int i = 0; i < 20 && NativeBuffer.LiveBytes != before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(before, NativeBuffer.LiveBytes);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(5, -1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    public void Slice_NotInside_Throws(long offset, int length)
    {
        using NativeBuffer buffer = new(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(offset, length).Length);
    }

    [Fact]
    public void Slice_Inside_IsAWindowOfTheSameMemory()
    {
        using NativeBuffer buffer = new(10);
        buffer.Slice(3, 4).Fill(7f);
        Assert.Equal([0f, 0f, 0f, 7f, 7f, 7f, 7f, 0f, 0f, 0f], buffer.Slice(0, 10).ToArray());
        Assert.Equal(0, buffer.Slice(10, 0).Length);
        buffer.Clear();
        Assert.True(buffer.Slice(0, 10).IndexOfAnyExcept(0f) < 0);
    }

    [Fact]
    public void Constructor_NegativeLength_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new NativeBuffer(-1));

    [Fact]
    public void SliceAndClear_AfterDispose_Throw()
    {
        NativeBuffer buffer = new(10);
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Slice(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(buffer.Clear);
    }
}
