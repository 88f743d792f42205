using Rectify.Communication;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Benchmarks;

/// <summary>Forward passes: the batch into the workspace, then the network without dropout to the scores of the classes.</summary>
public sealed class InferenceBenchmark : NetworkBenchmark
{
    private readonly Workspace _workspace;
    private readonly NativeBuffer _pixels;

    /// <summary>Takes the memory and draws a batch.</summary>
    /// <param name="network">A network with weights.</param>
    /// <param name="context">Threads, vector width and which kernels.</param>
    /// <param name="batch">Images, all at a time.</param>
    /// <exception cref="RectifyException">It makes no sense, or does not fit the memory.</exception>
    public InferenceBenchmark(Network network, KernelContext context, int batch)
        : base(network, context, batch, Alone.Instance)
    {
        Plan = new Plan(network);
        MapShape input = network.Input.WithBatch(batch);
        MemoryBytes = ParameterBytes(network) + Plan.ArenaBytes(context, ExecutionMode.Inference, input);
        MemoryLimit.Require(MemoryBytes, $"{network.Name} on {batch} images", "give a smaller --batch, --size or --width");
        _workspace = Plan.CreateWorkspace(context, ExecutionMode.Inference, input);
        _pixels = new NativeBuffer(input.Length);
        FillPixels(_pixels.Slice(0, input.Length));
    }

    /// <inheritdoc/>
    public override int MicroBatch => Batch;

    /// <inheritdoc/>
    public override double Gigaflop => 2e-9 * Network.MultiplyAdds(Network.Input) * Batch;

    /// <inheritdoc/>
    public override long MemoryBytes { get; }

    private protected override Plan Plan { get; }

    private protected override ExecutionMode Mode => ExecutionMode.Inference;

    private protected override void Run()
    {
        // Each time anew: the input's place in the arena serves later maps too.
        _pixels.Slice(0, _workspace.InputShape.Length).CopyTo(_workspace.Input);
        _workspace.Observer?.Done(IStepObserver.NoStep, StepPass.Load);
        Plan.Forward(_workspace);
    }

    private protected override void Observe(IStepObserver? observer) => _workspace.Observer = observer;

    private protected override void Free()
    {
        _workspace.Dispose();
        _pixels.Dispose();
    }
}
