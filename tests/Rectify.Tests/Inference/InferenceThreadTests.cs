using Rectify.Inference;

namespace Rectify.Tests.Inference;

/// <summary>Batching alone, with a forward pass that waits for a gate.</summary>
public sealed class InferenceThreadTests : IDisposable
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private readonly List<int> _batches = [];
    private readonly InferenceThread _thread;

    public InferenceThreadTests() => _thread = new InferenceThread(Forward, maxBatch: 4);

    public void Dispose()
    {
        _ = _gate.Release(1000);
        _thread.Dispose();
        _begun.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task Submit_WhileABatchRuns_TheWaitingShareTheNextOnesUpToTheMost()
    {
        InferenceRequest first = await Running();
        InferenceRequest[] waiting = [.. Enumerable.Range(1, 9).Select(i => Submit(i))];
        _ = _gate.Release(1000);
        Assert.Equal(0f, await Score(first));
        for (int i = 0; i < waiting.Length; i++)
        {
            Assert.Equal(i + 1f, await Score(waiting[i]));
        }

        Assert.Equal([1, 4, 4, 1], _batches);
    }

    [Fact]
    public async Task Cancel_WhileWaiting_EndsTheWaitAndIsNotRun()
    {
        InferenceRequest first = await Running();
        using CancellationTokenSource stop = new();
        InferenceRequest leaver = Submit(1, stop.Token);
        InferenceRequest stayer = Submit(2);
        await stop.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Score(leaver));
        Assert.Equal(stop.Token, e.CancellationToken);
        Assert.False(first.HasEnded);
        _ = _gate.Release(1000);
        Assert.Equal(2f, await Score(stayer));
        Assert.Equal([1, 1], _batches);
    }

    [Fact]
    public async Task Dispose_WhileOthersWait_FinishesTheBatchAndEndsThem()
    {
        InferenceRequest first = await Running();
        InferenceRequest[] waiting = [.. Enumerable.Range(1, 6).Select(i => Submit(i))];
        Task disposal = Task.Run(_thread.Dispose);
        while (Submit(99) is var late && !late.HasEnded)
        {
            waiting = [.. waiting, late];
            await Task.Delay(1);
        }

        _ = _gate.Release();
        await disposal;
        Assert.Equal(0f, await Score(first));
        foreach (InferenceRequest request in waiting)
        {
            _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => Score(request));
        }
    }

    [Fact]
    public async Task Forward_ThatThrows_FailsItsBatchAlone()
    {
        InferenceRequest bad = Submit(-1);
        _ = _gate.Release(1000);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => Score(bad));
        Assert.Equal(5f, await Score(Submit(5)));
    }

    private static void Fill(InferenceRequest request, float value) => request.Crop[0] = value;

    private InferenceRequest Submit(float value, CancellationToken cancellation = default)
    {
        InferenceRequest request = new(1, 1);
        Fill(request, value);
        request.EndWith(cancellation);
        _thread.Submit(request);
        return request;
    }

    private static async Task<float> Score(InferenceRequest request)
    {
        await request.End;
        request.Check();
        return request.Scores[0];
    }

    // A request in a batch that stands at the gate.
    private async Task<InferenceRequest> Running()
    {
        InferenceRequest request = Submit(0);
        await _begun.WaitAsync();
        return request;
    }

    private void Forward(IReadOnlyList<InferenceRequest> batch)
    {
        _batches.Add(batch.Count);
        _ = _begun.Release();
        _gate.Wait();
        foreach (InferenceRequest request in batch)
        {
            request.Complete(request.Crop[0] >= 0 ? [request.Crop[0]] : throw new InvalidOperationException("no"));
        }
    }
}
