using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rectify.Communication;
using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Makes the gradients of one rank's images those of the whole mini-batch: each as soon as it is complete, while the layers before it go on.</summary>
/// <remarks>
/// A gradient is summed over the ranks; one that is kept as factors is not: the factors of all ranks are gathered, which are x and dy of the mini-batch, for model A's fc1
/// 19 MB instead of 528. Small gradients travel together, at the end. Alone, a gradient is complete at once.
/// </remarks>
/// <param name="communicator">The ranks.</param>
/// <param name="sink">Hears of each gradient when it is that of the whole mini-batch.</param>
internal sealed class GradientExchange(Communicator communicator, IGradientSink sink) : IGradientSink, IDisposable
{
    // A message's own time is that of some tens of KB on the way.
    private const int SmallLength = 1 << 14;

    private readonly List<Parameter> _complete = [];
    private readonly int[] _images = new int[communicator.Size];
    private readonly double[] _seconds = new double[communicator.Size];
    private readonly byte[] _told = new byte[communicator.Size * Unsafe.SizeOf<Told>()];
    private long _resumed = Stopwatch.GetTimestamp();
    private double _own;
    private NativeBuffer _small = new(0);
    private int _smallLength;

    /// <summary>Whether there are others.</summary>
    public bool IsShared => communicator.IsShared;

    /// <summary>Images of the mini-batch that could be read, on all ranks.</summary>
    public int Images { get; private set; }

    /// <summary>Images of the ranks before this one.</summary>
    public int First { get; private set; }

    /// <summary>Seconds that each rank worked for the mini-batch before, its wait for data counted and that for others not.</summary>
    public ReadOnlySpan<double> Seconds => _seconds;

    /// <summary>Before a mini-batch: tells the others how many of its images this rank has.</summary>
    public void Begin(int images)
    {
        (Images, First) = (0, 0);
        Stop();
        Told mine = new(images, _own);
        communicator.Gather(MemoryMarshal.AsBytes(new ReadOnlySpan<Told>(ref mine)), _told);
        ReadOnlySpan<Told> all = MemoryMarshal.Cast<byte, Told>(_told);
        (_own, _resumed) = (0.0, Stopwatch.GetTimestamp());
        for (int rank = 0; rank < _images.Length; rank++)
        {
            (_images[rank], _seconds[rank]) = (all[rank].Images, all[rank].Seconds);
            First += rank < communicator.Rank ? _images[rank] : 0;
            Images += _images[rank];
        }
    }

    /// <inheritdoc/>
    public void Complete(Parameter parameter, Workspace workspace)
    {
        if (!IsShared)
        {
            sink.Complete(parameter, workspace);
            return;
        }

        _complete.Add(parameter);
        if (workspace.Factors(parameter) is { } factors)
        {
            factors.BeginGather(communicator, _images);
            return;
        }

        Span<float> gradient = workspace.Gradient(parameter);
        if (gradient.Length >= SmallLength)
        {
            communicator.BeginSum(gradient);
            return;
        }

        Reserve(workspace);
        gradient.CopyTo(_small.Slice(_smallLength, gradient.Length));
        _smallLength += gradient.Length;
    }

    /// <summary>After the way back: waits for all of them.</summary>
    public void Finish(Workspace workspace)
    {
        if (!IsShared)
        {
            return;
        }

        Stop();
        if (_smallLength > 0)
        {
            communicator.BeginSum(_small.Slice(0, _smallLength));
        }

        communicator.Finish();
        _smallLength = 0;
        foreach (Parameter parameter in _complete)
        {
            if (workspace.Factors(parameter) is null && workspace.Gradient(parameter) is { Length: < SmallLength } gradient)
            {
                _small.Slice(_smallLength, gradient.Length).CopyTo(gradient);
                _smallLength += gradient.Length;
            }

            workspace.NoteOthers(parameter);
            sink.Complete(parameter, workspace);
        }

        _smallLength = 0;
        _complete.Clear();
    }

    /// <summary>The sum over all ranks, in their order.</summary>
    public (double Loss, int Errors) Sum(double loss, int errors)
    {
        Span<double> mine = [loss, errors];
        Span<double> all = stackalloc double[2 * _images.Length];
        communicator.Gather(MemoryMarshal.AsBytes(mine), MemoryMarshal.AsBytes(all));
        _resumed = Stopwatch.GetTimestamp();
        (double lossSum, double errorSum) = (0, 0);
        for (int rank = 0; rank < _images.Length; rank++)
        {
            lossSum += all[2 * rank];
            errorSum += all[(2 * rank) + 1];
        }

        return (lossSum, (int)errorSum);
    }

    public void Dispose() => _small.Dispose();

    // From here on this rank waits for others.
    private void Stop()
    {
        long now = Stopwatch.GetTimestamp();
        _own += Stopwatch.GetElapsedTime(_resumed, now).TotalSeconds;
        _resumed = now;
    }

    // All small gradients of the network, once.
    private void Reserve(Workspace workspace)
    {
        if (_small.Length == 0)
        {
            _small.Dispose();
            _small = new NativeBuffer(workspace.Plan.Network.Parameters.Where(parameter => parameter.StoredLength < SmallLength).Sum(parameter => (long)parameter.StoredLength));
        }
    }

    // What a rank says before a mini-batch.
    private readonly record struct Told(int Images, double Seconds);
}
