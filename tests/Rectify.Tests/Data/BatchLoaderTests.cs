using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public class BatchLoaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Epoch_AnyNumberOfWorkers_GivesTheSameBits(int workers)
    {
        RenderedDataset data = new(100, 16, 1);
        LoaderOptions options = new() { BatchSize = 32, Seed = 5, Shuffle = true };
        Assert.Equal(Everything(data, options, epoch: 3), Everything(data, options with { Workers = workers }, epoch: 3));
    }

    [Fact]
    public void Epoch_OtherEpochOrSeed_GivesOtherOrderAndAugmentation()
    {
        NumberedDataset data = new(40, 16, 16);
        LoaderOptions options = new() { BatchSize = 8, Shuffle = true };
        Assert.NotEqual(Indices(data, options, 0), Indices(data, options, 1));
        Assert.NotEqual(Indices(data, options, 0), Indices(data, options with { Seed = 2 }, 0));
        Assert.Equal(Enumerable.Range(0, 40), Indices(data, options, 0).Order());
        LoaderOptions inOrder = options with { Shuffle = false };
        Assert.NotEqual(Everything(data, inOrder, 0), Everything(data, inOrder, 1));
    }

    [Fact]
    public void Epoch_WithoutShuffle_KeepsTheOrderAndTheLastBatch()
    {
        using BatchLoader loader = new(new NumberedDataset(10, 8, 8), new CenterCrop(8, 8, MeanImage.Zero(8)), new() { BatchSize = 4, Workers = 2 });
        Assert.Equal(3, loader.BatchesPerEpoch);
        List<int> counts = [];
        int next = 0;
        foreach (Batch batch in loader.Epoch(0, cancellation: Cancellation))
        {
            Assert.Equal(counts.Count, batch.Index);
            counts.Add(batch.Count);
            for (int i = 0; i < batch.Count; i++, next++)
            {
                Assert.Equal((next, next % 3, (float)next), (batch.Indices[i], batch.Labels[i], batch.Pixels[i * 192]));
            }
        }

        Assert.Equal([4, 4, 2], counts);
    }

    [Fact]
    public void Epoch_DropLast_LeavesThePartialBatchOut()
    {
        Assert.Equal(8, Indices(new NumberedDataset(10, 16, 16), new() { BatchSize = 4, DropLast = true }, 0).Length);
        RectifyException error = Assert.Throws<RectifyException>(() => Loader(new NumberedDataset(3, 16, 16), new() { BatchSize = 4, DropLast = true }));
        Assert.Contains("3 samples do not fill", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epoch_Skip_GivesTheRestAndReadsNothingElse()
    {
        NumberedDataset data = new(40, 16, 16);
        LoaderOptions options = new() { BatchSize = 8, Shuffle = true, Workers = 3 };
        string[] all = Everything(data, options, 2);
        int before = data.Reads;
        Assert.Equal(all[3..], Everything(data, options, 2, skip: 3));
        Assert.Equal(before + 16, data.Reads);
        Assert.Empty(Everything(data, options, 2, skip: 5));
    }

    [Fact]
    public void Epoch_BrokenSamples_AreLeftOutAndReportedOnce()
    {
        NumberedDataset data = new(10, 8, 8, NumberedDataset.Failing(0, 5, 9));
        using BatchLoader loader = new(data, new CenterCrop(8, 8, MeanImage.Zero(8)), new() { BatchSize = 4, Workers = 2 });
        for (int epoch = 0; epoch < 2; epoch++)
        {
            List<int> seen = [], failed = [];
            foreach (Batch batch in loader.Epoch(epoch, cancellation: Cancellation))
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    Assert.Equal((batch.Indices[i] % 3, (float)batch.Indices[i]), (batch.Labels[i], batch.Pixels[i * 192]));
                    seen.Add(batch.Indices[i]);
                }

                failed.AddRange(batch.Failed);
            }

            Assert.Equal([1, 2, 3, 4, 6, 7, 8], seen);
            Assert.Equal([0, 5, 9], failed);
        }

        Assert.Equal([0, 5, 9], loader.Failures.Select(f => f.Index));
        Assert.Equal(new SampleFailure(5, "numbered #5", "numbered #5 is broken."), loader.Failures[1]);
    }

    [Fact]
    public void Epoch_WholeBatchBroken_StopsWithTheReason()
    {
        NumberedDataset data = new(10, 16, 16, NumberedDataset.Failing(4, 5, 6, 7));
        RectifyException error = Assert.Throws<RectifyException>(() => Everything(data, new() { BatchSize = 4 }, 0));
        Assert.Contains("batch 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("numbered #4 is broken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epoch_WholeBatchBrokenAndKept_IsEmptyAndNamesThem()
    {
        NumberedDataset data = new(6, 16, 16, NumberedDataset.Failing(4, 5));
        using BatchLoader loader = Loader(data, new() { BatchSize = 4, KeepFailedBatches = true });
        string[] batches = [.. loader.Epoch(0, cancellation: Cancellation).Select(b => $"{b.Count}:{string.Join(',', b.Failed.ToArray())}")];
        Assert.Equal(["4:", "0:4,5"], batches);
    }

    [Fact]
    public void Epoch_BatchOfOneBroken_IsEmptyAndNamesIt()
    {
        using BatchLoader loader = Loader(new NumberedDataset(3, 16, 16, NumberedDataset.Failing(1)), new() { BatchSize = 1 });
        string[] batches = [.. loader.Epoch(0, cancellation: Cancellation).Select(b => $"{b.Count}:{string.Join(',', b.Failed.ToArray())}")];
        Assert.Equal(["1:", "0:1", "1:"], batches);
    }

    [Fact]
    public void Epoch_DefectInTheDataSet_ReachesTheConsumerAndTheLoaderLivesOn()
    {
        bool defect = true;
        NumberedDataset data = new(20, 16, 16, i => defect && i == 13 ? new InvalidTimeZoneException("a defect") : null);
        using BatchLoader loader = Loader(data, new() { BatchSize = 4, Workers = 3 });
        Assert.Equal("a defect", Assert.Throws<InvalidTimeZoneException>(() => loader.Epoch(0, cancellation: Cancellation).Count()).Message);
        defect = false;
        Assert.Equal(5, loader.Epoch(1, cancellation: Cancellation).Count());
    }

    [Fact]
    public void Epoch_LeftInTheMiddle_LeavesTheLoaderReadyForAnother()
    {
        NumberedDataset data = new(100, 16, 16);
        LoaderOptions options = new() { BatchSize = 8, Workers = 3, Shuffle = true };
        using BatchLoader loader = Loader(data, options);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            _ = loader.Epoch(epoch, cancellation: Cancellation).First();
        }

        Assert.Equal(Everything(data, options, 5), (string[])[.. loader.Epoch(5, cancellation: Cancellation).Select(Describe)]);
    }

    [Fact]
    public void Epoch_TwoAtOnce_IsRefused()
    {
        using BatchLoader loader = Loader(new NumberedDataset(20, 16, 16), new() { BatchSize = 4 });
        using IEnumerator<Batch> first = loader.Epoch(0, cancellation: Cancellation).GetEnumerator();
        Assert.True(first.MoveNext());
        _ = Assert.Throws<InvalidOperationException>(() => loader.Epoch(1, cancellation: Cancellation).First());
        Assert.True(first.MoveNext());
    }

    [Fact]
    public void Epoch_CancelledWhileWaiting_Ends()
    {
        using ManualResetEventSlim blocked = new(), release = new();
        NumberedDataset data = new(20, 16, 16, i =>
        {
            blocked.Set();
            release.Wait(TimeSpan.FromMinutes(1));
            return null;
        });
        using BatchLoader loader = Loader(data, new() { BatchSize = 4 });
        using CancellationTokenSource source = new();

        // Cancelled once a worker is inside a read that does not end by itself; the read ends after that.
        using CancellationTokenRegistration after = source.Token.Register(release.Set);
        Thread canceller = new(() =>
        {
            blocked.Wait(Cancellation);
            source.Cancel();
        });
        canceller.Start();
        _ = Assert.Throws<OperationCanceledException>(() => loader.Epoch(0, 0, source.Token).Count());
        canceller.Join();
    }

    [Fact]
    public void Dispose_InTheMiddleOfAnEpoch_EndsTheThreads()
    {
        NumberedDataset data = new(1000, 16, 16);
        BatchLoader loader = Loader(data, new() { BatchSize = 4, Workers = 3 });
        using IEnumerator<Batch> epoch = loader.Epoch(0, cancellation: Cancellation).GetEnumerator();
        Assert.True(epoch.MoveNext());
        loader.Dispose();
        int reads = data.Reads;
        Assert.True(reads < 1000);
        _ = Assert.Throws<ObjectDisposedException>(() => epoch.MoveNext());
        _ = Assert.Throws<ObjectDisposedException>(() => loader.Epoch(1, cancellation: Cancellation).First());
        Assert.Equal(reads, data.Reads);
        loader.Dispose();
    }

    [Fact]
    public void Epoch_SlowConsumer_IsNotOverrun()
    {
        // With 2 batches ahead of the one in use, the workers may have touched 3 batches and no more.
        NumberedDataset data = new(400, 16, 16);
        using BatchLoader loader = Loader(data, new() { BatchSize = 4, Workers = 3, Ahead = 2 });
        int taken = 0;
        foreach (Batch batch in loader.Epoch(0, cancellation: Cancellation))
        {
            string before = Describe(batch);
            Thread.Yield();
            Assert.InRange(data.Reads, 4 * (taken + 1), 4 * (taken + 3));
            Assert.Equal(before, Describe(batch));
            taken++;
        }

        Assert.Equal(100, taken);
    }

    [Fact]
    public void Epoch_SteadyState_AllocatesWhatTheDataSetDoes()
    {
        // The pictures exist already; the one worker notes what its thread has allocated whenever it reads one.
        Metered data = new(512);
        using BatchLoader loader = Loader(data, new() { BatchSize = 64, Workers = 1 });
        _ = loader.Epoch(0, cancellation: Cancellation).Count();
        long worker = data.AllocatedByReader, consumer = GC.GetAllocatedBytesForCurrentThread();
        _ = loader.Epoch(1, cancellation: Cancellation).Count();
        Assert.InRange(data.AllocatedByReader - worker, 0, 64 * 512);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - consumer, 0, 8192);
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesIt()
    {
        NumberedDataset data = new(4, 16, 16);
        Assert.Contains("BatchSize is 0", Assert.Throws<RectifyException>(() => Loader(data, new() { BatchSize = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Workers is 0", Assert.Throws<RectifyException>(() => Loader(data, new() { Workers = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Ahead is 0", Assert.Throws<RectifyException>(() => Loader(data, new() { Ahead = 0 })).Message, StringComparison.Ordinal);
    }

    private sealed class Metered(int count) : IDataset
    {
        private readonly RgbImage _image = new(16, 16, new byte[768]);

        public int Count => count;

        public long AllocatedByReader { get; private set; }

        public IReadOnlyList<string> Classes { get; } = ["a", "b"];

        public int Label(int index) => 0;

        public string Name(int index) => "the same";

        public RgbImage Read(int index, int shorterSide = 0)
        {
            AllocatedByReader = GC.GetAllocatedBytesForCurrentThread();
            return _image;
        }
    }

    private static BatchLoader Loader(IDataset data, LoaderOptions options) => new(data, new PadCropFlip(16, MeanImage.Zero(16)), options);

    private static string[] Everything(IDataset data, LoaderOptions options, int epoch, int skip = 0)
    {
        using BatchLoader loader = Loader(data, options);
        return [.. loader.Epoch(epoch, skip, Cancellation).Select(Describe)];
    }

    private static int[] Indices(IDataset data, LoaderOptions options, int epoch)
    {
        using BatchLoader loader = Loader(data, options);
        return [.. loader.Epoch(epoch, cancellation: Cancellation).SelectMany(b => b.Indices[..b.Count])];
    }

    private static string Describe(Batch batch)
    {
        ReadOnlySpan<byte> pixels = System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch.Pixels.AsSpan(0, batch.Count * 768));
        string hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(pixels));
        return $"{batch.Index}: {string.Join(',', batch.Indices[..batch.Count])}; {string.Join(',', batch.Labels[..batch.Count])}; {hash}";
    }
}
