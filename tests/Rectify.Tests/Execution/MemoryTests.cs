using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>Tests that count the process's memory run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CountedMemory
{
    public const string Name = "counted memory";
}

[Collection(CountedMemory.Name)]
public sealed class MemoryTests
{
    private static readonly MapShape Input = EveryKind.Input(3, 11, 13);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_Steady_AllocatesNothingOnItsThread(bool sink)
    {
        using Network network = EveryKind.Create();
        // Without the photos' gradient, which only the allocating reference can do.
        using PlanRun run = new(network, Input, inputGradient: false);
        Silent? hears = sink ? new Silent() : null;
        Steps(run, 30, hears);
        long native = NativeBuffer.LiveBytes;
        Assert.Equal(0, AllocatedBytes.Least(() => Steps(run, 5, hears)));
        Assert.Equal(native, NativeBuffer.LiveBytes);
    }

    [Fact]
    public void Step_SteadyWithTwoWorkers_AllocatesNothingInTheProcess()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input, workers: 2, inputGradient: false);
        Steps(run, 30, null);

        // The test platform may allocate on its own threads now and then; a step that allocates does so every time.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Steps(run, 3, null);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Dispose_NetworkAndWorkspaces_FreesAll()
    {
        long before = LiveBytes();
        using (Network network = EveryKind.Create())
        {
            using PlanRun run = new(network, Input);
            Steps(run, 1, null);
            run.Workspace.Bind(EveryKind.Input(7, 20, 20));
            using PlanRun inference = new(network, Input, ExecutionMode.Inference);
            long stored = network.Parameters.Sum(p => (long)p.StoredLength * sizeof(float));
            Assert.Equal(before + stored + run.Workspace.Bytes + inference.Workspace.Bytes, NativeBuffer.LiveBytes);
        }

        Assert.Equal(before, NativeBuffer.LiveBytes);
    }

    [Fact]
    public void CreateWorkspace_Misfit_TakesNoMemory()
    {
        using Network network = EveryKind.Create();
        long before = LiveBytes();
        Assert.Throws<RectifyException>(() => new PlanRun(network, MapShape.Image(1, 11, 13, 4)));
        Assert.Equal(before, NativeBuffer.LiveBytes);
    }

    // A last micro-batch is smaller than the others: the workspace goes to and fro between them twice a step.
    [Fact]
    public void Bind_ToAndFro_AllocatesNothing()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input, inputGradient: false);
        MapShape[] shapes = [Input, Input.WithBatch(2), EveryKind.Input(1, 9, 8), EveryKind.Input(2, 12, 7)];
        void Round()
        {
            foreach (MapShape shape in shapes)
            {
                run.Workspace.Bind(shape);
                Steps(run, 1, null);
            }
        }

        Round();
        long native = NativeBuffer.LiveBytes;
        Assert.Equal(0, AllocatedBytes.Least(Round, warmUps: 30));
        Assert.Equal(native, NativeBuffer.LiveBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void CreateWorkspace_NoMemory_LeaksNone(int failing)
    {
        using Network network = EveryKind.Create();
        using Workers workers = new(1);
        KernelContext context = new(workers, IsaDetection.Widest);
        Plan plan = new(network);
        long before = LiveBytes();
        int calls = 0;
        Assert.Throws<RectifyException>(() => new Workspace(
            plan, context, ExecutionMode.Training, Input, inputGradient: false, length => ++calls == failing ? throw new InsufficientMemoryException() : new NativeBuffer(length)));
        Assert.Equal(failing, calls);
        Assert.Equal(before, NativeBuffer.LiveBytes);
    }

    [Fact]
    public void Build_LargeModel_TakesNoMemoryUntilValuesAreUsed()
    {
        long before = LiveBytes();
        using Network network = ModelBuilder.Build("vgg19", new ModelOptions());
        Assert.Equal(before, NativeBuffer.LiveBytes);
        Assert.True(network.ParameterCount > 100_000_000);
    }

    [Fact]
    public void Values_AfterDispose_Throws()
    {
        Bias bias = new("b", 4);
        bias.Values[0] = 1f;
        bias.Dispose();
        bias.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bias.Values.Length);
    }

    // Buffers that other tests left to the finalizer are no concern of these.
    private static long LiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return NativeBuffer.LiveBytes;
    }

    private static void Steps(PlanRun run, int count, IGradientSink? sink)
    {
        for (int i = 0; i < count; i++)
        {
            run.Workspace.ClearGradients();
            run.Workspace.Input.Fill(0.5f);
            run.Plan.Forward(run.Workspace, new TrainingMoment(1, (uint)i));
            run.Workspace.Output.CopyTo(run.Workspace.OutputGradient);
            run.Plan.Backward(run.Workspace, sink);
        }
    }

    private sealed class Silent : IGradientSink
    {
        public void Complete(Parameter parameter, Workspace workspace) => workspace.Gradient(parameter).Clear();
    }
}
