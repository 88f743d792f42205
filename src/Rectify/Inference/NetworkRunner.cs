using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>Runs a network on batches of crops: workers and a workspace that grows to the largest batch so far. One thread at a time.</summary>
internal sealed class NetworkRunner : IDisposable
{
    private readonly Workers _workers;
    private readonly Plan _plan;
    private readonly Workspace _workspace;

    /// <summary>A runner.</summary>
    /// <param name="network">The network; not disposed.</param>
    /// <param name="isa">The widest vectors.</param>
    /// <param name="exact">Whether approximate kernels are left out.</param>
    /// <param name="threads">Threads that compute.</param>
    public NetworkRunner(Network network, Isa isa, bool exact, int threads)
    {
        _workers = new Workers(threads);
        try
        {
            _plan = new Plan(network);
            _workspace = _plan.CreateWorkspace(new KernelContext(_workers, isa, exact), ExecutionMode.Inference, network.Input.WithBatch(1));
        }
        catch
        {
            _workers.Dispose();
            throw;
        }
    }

    /// <summary>Runs a batch, at least one request, and completes each with its scores.</summary>
    public void Run(IReadOnlyList<InferenceRequest> batch)
    {
        _workspace.Bind(_workspace.InputShape.WithBatch(batch.Count));
        int length = _workspace.InputShape.ImageLength;
        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Crop.CopyTo(_workspace.Input.Slice(i * length, length));
        }

        _plan.Forward(_workspace);
        MapShape scores = _workspace.OutputShape;
        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Complete(_workspace.Output.Slice(i * scores.Pitch, scores.C));
        }
    }

    /// <summary>Frees workspace and workers.</summary>
    public void Dispose()
    {
        _workspace.Dispose();
        _workers.Dispose();
    }
}
