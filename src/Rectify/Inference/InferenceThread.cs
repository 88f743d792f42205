using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>The one thread that runs a network for many callers: it takes what waits, up to a batch, and runs it in one forward pass.</summary>
/// <remarks>It never waits for a batch to fill, so who comes alone is served at once. Owns the workspace and the workers; the network is lent.</remarks>
internal sealed class InferenceThread : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<InferenceRequest> _waiting = [];
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly List<InferenceRequest> _batch = [];
    private readonly int _maxBatch;
    private readonly Workers _workers;
    private readonly Workspace _workspace;
    private readonly Thread _thread;
    private bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="network">The network; not disposed.</param>
    /// <param name="isa">The widest vectors.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="maxBatch">The most pictures in a forward pass.</param>
    public InferenceThread(Network network, Isa isa, int threads, int maxBatch)
    {
        _maxBatch = maxBatch;
        _workers = new Workers(threads);
        try
        {
            _workspace = new Plan(network).CreateWorkspace(new KernelContext(_workers, isa), ExecutionMode.Inference, network.Input.WithBatch(1));
        }
        catch
        {
            _workers.Dispose();
            throw;
        }

        _thread = new Thread(Serve) { IsBackground = true, Name = "rectify inference" };
        _thread.Start();
    }

    /// <summary>Queues a request; from any thread. It belongs to this thread from here on, and fails with an <see cref="ObjectDisposedException"/> where the thread
    /// has been told to end.</summary>
    public void Submit(InferenceRequest request)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _waiting.Enqueue(request);
                _ = _arrivals.Release();
                return;
            }
        }

        request.Release();
        request.Fail(Disposed());
    }

    /// <summary>Finishes the batch at hand, ends all who wait with an <see cref="ObjectDisposedException"/>, and frees workers and workspace.</summary>
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
            request.Release();
            request.Fail(Disposed());
        }

        _workspace.Dispose();
        _workers.Dispose();
        _arrivals.Dispose();
    }

    private static ObjectDisposedException Disposed() => new(nameof(Classifier));

    private void Serve()
    {
        while (Take())
        {
            try
            {
                Forward();
            }
#pragma warning disable CA1031 // Whatever goes wrong is the callers' to see: a thread that dies would leave them waiting.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _batch.ForEach(request => request.Fail(e));
            }

            _batch.ForEach(request => request.Release());
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
                    if (request.Scores.IsCompleted)
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

    private void Forward()
    {
        _workspace.Bind(_workspace.InputShape.WithBatch(_batch.Count));
        int length = _workspace.InputShape.ImageLength;
        for (int i = 0; i < _batch.Count; i++)
        {
            _batch[i].Crop.CopyTo(_workspace.Input.Slice(i * length, length));
        }

        _workspace.Plan.Forward(_workspace);
        MapShape scores = _workspace.OutputShape;
        for (int i = 0; i < _batch.Count; i++)
        {
            _batch[i].Complete(_workspace.Output.Slice(i * scores.Pitch, scores.C).ToArray());
        }
    }
}
