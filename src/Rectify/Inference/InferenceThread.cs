namespace Rectify.Inference;

/// <summary>The one thread that runs a network for many callers: it takes what waits, up to a batch, and runs it in one forward pass.</summary>
/// <remarks>It never waits for a batch to fill, so who comes alone is served at once.</remarks>
internal sealed class InferenceThread : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<InferenceRequest> _waiting = [];
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly List<InferenceRequest> _batch = [];
    private readonly int _maxBatch;
    private readonly Action<IReadOnlyList<InferenceRequest>> _forward;
    private readonly Thread _thread;
    private bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="forward">Runs a batch and completes its requests; called on this thread alone. What it throws fails the batch.</param>
    /// <param name="maxBatch">The most pictures in a forward pass.</param>
    public InferenceThread(Action<IReadOnlyList<InferenceRequest>> forward, int maxBatch)
    {
        (_forward, _maxBatch) = (forward, maxBatch);
        _thread = new Thread(Serve) { IsBackground = true, Name = "rectify inference" };
        _thread.Start();
    }

    /// <summary>Queues a request; from any thread. This thread takes a share in it; the request fails with an <see cref="ObjectDisposedException"/> where the thread
    /// has been told to end.</summary>
    public void Submit(InferenceRequest request)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                request.Share();
                _waiting.Enqueue(request);
                _ = _arrivals.Release();
                return;
            }
        }

        request.Fail(Disposed());
    }

    /// <summary>Finishes the batch at hand, and ends all who wait with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
            _ = _arrivals.Release();
        }

        _thread.Join();
        while (_waiting.TryDequeue(out InferenceRequest? request))
        {
            request.Fail(Disposed());
            request.Release();
        }

        _arrivals.Dispose();
    }

    private static ObjectDisposedException Disposed() => new(nameof(Classifier));

    private void Serve()
    {
        while (Take())
        {
            try
            {
                _forward(_batch);
            }
#pragma warning disable CA1031 // Whatever goes wrong is the callers' to see: a thread that dies would leave them waiting.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _batch.ForEach(request => request.Fail(e));
            }

            _batch.ForEach(static request => request.Release());
            _batch.Clear();
        }
    }

    // Fills the batch with what waits, at least one request; false at the end.
    private bool Take()
    {
        while (true)
        {
            _arrivals.Wait();
            lock (_gate)
            {
                if (_stopping)
                {
                    return false;
                }

                // A batch takes several arrivals at once, so for some of those that were counted nothing is left.
                while (_batch.Count < _maxBatch && _waiting.TryDequeue(out InferenceRequest? request))
                {
                    if (request.HasEnded)
                    {
                        request.Release();
                        continue;
                    }

                    _batch.Add(request);
                }
            }

            if (_batch.Count > 0)
            {
                return true;
            }
        }
    }
}
