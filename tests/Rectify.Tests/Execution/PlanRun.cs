using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>A network through Plan and Workspace, fed with packed maps; the caller keeps the network.</summary>
internal sealed class PlanRun : IDisposable
{
    private readonly Workers _workers;

    public PlanRun(
        Network network,
        MapShape input,
        ExecutionMode mode = ExecutionMode.Training,
        int workers = 1,
        Isa? isa = null,
        Range? layers = null,
        bool inputGradient = true,
        int images = 0)
    {
        Plan = new Plan(network, layers ?? Range.All);
        _workers = new Workers(workers);
        Workspace = Plan.CreateWorkspace(new KernelContext(_workers, isa ?? IsaDetection.Widest), mode, input, inputGradient, images);
    }

    public Plan Plan { get; }

    public Workspace Workspace { get; }

    public float[] Forward(ReadOnlySpan<float> x, TrainingMoment moment = default)
    {
        Packed.Write(Workspace.InputShape, x, Workspace.Input);
        Plan.Forward(Workspace, moment);
        return Packed.Read(Workspace.OutputShape, Workspace.Output);
    }

    /// <summary>From dy to dx; empty if the workspace was not asked for it.</summary>
    public float[] Backward(ReadOnlySpan<float> dy, IGradientSink? sink = null)
    {
        Packed.Write(Workspace.OutputShape, dy, Workspace.OutputGradient);
        Plan.Backward(Workspace, sink);
        return Workspace.InputGradient.IsEmpty ? [] : Packed.Read(Workspace.InputShape, Workspace.InputGradient);
    }

    /// <summary>A parameter's gradient in the order of files.</summary>
    public float[] Gradient(Parameter parameter)
    {
        float[] gradient = new float[parameter.Count];
        parameter.ToFile(Workspace.Gradient(parameter), gradient);
        return gradient;
    }

    public void Dispose()
    {
        Workspace.Dispose();
        _workers.Dispose();
    }
}
