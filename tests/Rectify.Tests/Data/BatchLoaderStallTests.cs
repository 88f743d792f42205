using Rectify.Data;

namespace Rectify.Tests.Data;

public sealed class BatchLoaderStallTests
{
    [Fact]
    public void Epoch_SampleThatHangs_IsNamedAndTheEpochCanBeCancelled()
    {
        using ManualResetEventSlim answer = new();
        NumberedDataset data = new(12, 16, 16, index =>
        {
            if (index == 5)
            {
                answer.Wait(TestContext.Current.CancellationToken);
            }

            return null;
        });
        using CancellationTokenSource cancel = new();
        List<string> stalls = [];
        LoaderOptions options = new()
        {
            BatchSize = 4,
            Workers = 2,
            Patience = TimeSpan.FromMilliseconds(20),
            Grace = TimeSpan.FromMilliseconds(50),
            Stalled = (name, waited) =>
            {
                stalls.Add(name);
                Assert.True(waited >= TimeSpan.FromMilliseconds(20));
                if (stalls.Count == 2)
                {
                    cancel.Cancel();
                }
            },
        };
        int batches = 0;
        using (BatchLoader loader = new(data, new PadCropFlip(16, MeanImage.Zero(16)), options))
        {
            Assert.Throws<OperationCanceledException>(() => batches = loader.Epoch(0, 0, cancel.Token).Count());
            Assert.Equal(["numbered #5", "numbered #5"], stalls);
            Assert.Contains("does not answer", Assert.Throws<Rectify.Tensors.RectifyException>(() => loader.Epoch(1).Count()).Message, StringComparison.Ordinal);
        }

        answer.Set();
    }

    [Fact]
    public void Epoch_SampleThatIsSlow_IsWaitedFor()
    {
        NumberedDataset data = new(8, 16, 16, index =>
        {
            Thread.Sleep(index == 3 ? 60 : 0);
            return null;
        });
        int stalls = 0;
        LoaderOptions options = new() { BatchSize = 4, Patience = TimeSpan.FromMilliseconds(15), Stalled = (_, _) => stalls++ };
        using BatchLoader loader = new(data, new PadCropFlip(16, MeanImage.Zero(16)), options);
        Assert.Equal(8, loader.Epoch(0).Sum(batch => batch.Count));
        Assert.True(stalls > 0);
    }
}
