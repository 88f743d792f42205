using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

public sealed class WorkspaceTests
{
    private static readonly MapShape Input = EveryKind.Input(4, 11, 13);
    private static readonly TrainingMoment Moment = new(3, 8, 5);

    [Fact]
    public void EveryKind_Training_AgreesWithTwin()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        NetworkTwin twin = new(network, Input, Moment);
        double[] y = twin.Forward(Packed.ToDoubles(EveryKind.Photos(Input)));
        Assert.True(twin.Margin > 1e-6, $"Margin {twin.Margin}: take another seed.");
        run.Forward(EveryKind.Photos(Input), Moment);
        Assert.InRange(Packed.ErrorOverRms(run.Workspace.Output, y), 0.0, 2e-5);
    }

    [Fact]
    public void Bind_SmallerAndBack_KeepsBytesAndResults()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        (float[] y, float[] dx, float[] gradients) = Step(run, Input);
        long bytes = run.Workspace.Bytes;
        MapShape smaller = EveryKind.Input(2, 9, 8);
        run.Workspace.Bind(smaller);
        Assert.Equal(smaller, run.Workspace.InputShape);
        Assert.Equal(2, run.Workspace.OutputShape.N);
        Step(run, smaller);
        Assert.Equal(bytes, run.Workspace.Bytes);
        run.Workspace.Bind(Input);
        Assert.Equal(bytes, run.Workspace.Bytes);
        (float[] y2, float[] dx2, float[] gradients2) = Step(run, Input);
        Assert.Equal(y, y2);
        Assert.Equal(dx, dx2);
        Assert.Equal(gradients, gradients2);
    }

    [Fact]
    public void Bind_Larger_GrowsAndGivesWhatAFreshWorkspaceGives()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, EveryKind.Input(1, 6, 6));
        using PlanRun fresh = new(network, Input);
        long bytes = run.Workspace.Bytes;
        Step(run, EveryKind.Input(1, 6, 6));
        run.Workspace.Bind(Input);
        Assert.True(run.Workspace.Bytes > bytes);
        (float[] y, float[] dx, float[] gradients) = Step(fresh, Input);
        (float[] y2, float[] dx2, float[] gradients2) = Step(run, Input);
        Assert.Equal(y, y2);
        Assert.Equal(dx, dx2);
        Assert.Equal(gradients, gradients2);
    }

    [Fact]
    public void Bind_Misfit_ThrowsAndLeavesTheBindingAsItWas()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        (float[] y, _, _) = Step(run, Input);
        Assert.Throws<RectifyException>(() => run.Workspace.Bind(MapShape.Image(1, 11, 13, 4)));
        Assert.Equal(Input, run.Workspace.InputShape);
        Assert.Equal(y, Step(run, Input).Y);
    }

    [Fact]
    public void Bind_MoreThanTheMachineHas_SaysSoAndLeavesTheBindingAsItWas()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        (float[] y, _, _) = Step(run, Input);

        // No map has more than 2³¹ numbers, but all together take more than any machine under test has, or one of them is too large by itself.
        foreach (MapShape vast in (MapShape[])[EveryKind.Input(1, 4000, 32000), EveryKind.Input(1 << 20, 11, 13), EveryKind.Input(100, 4000, 32000)])
        {
            RectifyException e = Assert.Throws<RectifyException>(() => run.Workspace.Bind(vast));
            Assert.Contains("--micro-batch", e.Message, StringComparison.Ordinal);
            Assert.Contains($"{vast.N} images of {vast.H}×{vast.W}", e.Message, StringComparison.Ordinal);
            Assert.Equal(Input, run.Workspace.InputShape);
        }

        Assert.Equal(y, Step(run, Input).Y);
    }

    [Fact]
    public void Bind_AfterMemoryRanOut_WorksAgain()
    {
        using Network network = EveryKind.Create();
        using PlanRun whole = new(network, Input);
        (float[] y, _, _) = Step(whole, Input);
        Plan plan = new(network);
        bool refuse = false;
        using Workspace workspace = new(
            plan,
            whole.Workspace.Context,
            ExecutionMode.Training,
            EveryKind.Input(1, 6, 6),
            inputGradient: true,
            length => refuse ? throw new InsufficientMemoryException() : new NativeBuffer(length));
        refuse = true;
        RectifyException e = Assert.Throws<RectifyException>(() => workspace.Bind(Input));
        Assert.IsType<InsufficientMemoryException>(e.InnerException);
        Assert.Equal(default, workspace.InputShape);
        Assert.True(workspace.Input.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => plan.Forward(workspace));
        Assert.Throws<RectifyException>(() => workspace.Bind(EveryKind.Input(1, 6, 6)));
        refuse = false;
        workspace.Bind(Input);
        workspace.ClearGradients();
        Packed.Write(Input, EveryKind.Photos(Input), workspace.Input);
        plan.Forward(workspace, Moment);
        Assert.Equal(y, Packed.Read(workspace.OutputShape, workspace.Output));
        Packed.Write(workspace.OutputShape, EveryKind.Dy(Input.N), workspace.OutputGradient);
        plan.Backward(workspace);
        Assert.All(network.Parameters, parameter => Assert.Equal(whole.Workspace.Gradient(parameter).ToArray(), workspace.Gradient(parameter).ToArray()));
    }

    [Fact]
    public void Inference_SameNetwork_NeedsLessAndGivesTheSame()
    {
        using Network network = EveryKind.Create(dropout: false);
        using PlanRun training = new(network, Input);
        using PlanRun inference = new(network, Input, ExecutionMode.Inference);
        float[] x = EveryKind.Photos(Input);
        Assert.Equal(training.Forward(x), inference.Forward(x));
        (long less, long more) = (inference.Workspace.Bytes, training.Workspace.Bytes);
        Assert.True(less * 2 < more, $"{less} against {more} bytes.");
        Assert.Throws<InvalidOperationException>(() => inference.Plan.Backward(inference.Workspace));
    }

    [Fact]
    public void Backward_Twice_AddsGradients()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        (_, _, float[] once) = Step(run, Input);
        float[] x = EveryKind.Photos(Input);
        run.Forward(x, Moment);
        run.Backward(EveryKind.Dy(Input.N));
        float[] twice = Gradients(run);
        double[] expected = [.. once.Select(g => 2.0 * g)];
        Assert.InRange(Packed.ErrorOverRms(twice, expected), 0.0, 1e-5);
        Assert.True(Packed.ErrorOverRms(once, expected) > 0.1);
        run.Workspace.ClearGradients();
        Assert.All(Gradients(run), g => Assert.Equal(0f, g));
    }

    [Fact]
    public void Backward_Sink_HearsOfEachParameterOnceLastLayerFirst()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        Recorder recorder = new();
        run.Forward(EveryKind.Photos(Input), Moment);
        run.Backward(EveryKind.Dy(Input.N), recorder);
        string[] expected =
        [
            "fc2.weight", "fc2.bias", "fc1.weight", "fc1.bias", "mixed/narrow.weight", "mixed/narrow.bias", "mixed/outer/shortcut.weight",
            "mixed/outer/conv.weight", "mixed/outer/conv.bias", "mixed/inner/conv2.weight", "mixed/inner/conv2.bias", "mixed/inner/conv1.weight",
            "mixed/inner/conv1.bias", "mixed/inner/f.slope", "conv4.weight", "conv4.bias", "conv4.rectifier.slope", "conv3.weight", "conv3.bias",
            "alone.slope", "conv2.weight", "conv1.weight", "conv1.bias", "conv1.rectifier.slope",
        ];
        Assert.Equal(expected, recorder.Heard.Select(heard => heard.Parameter.Name));
        Assert.All(recorder.Heard, heard => Assert.Equal(run.Workspace.Gradient(heard.Parameter).ToArray(), heard.Gradient));
    }

    // Known to be finite is what was made, since the last clearing, of modest numbers alone: one image that is not, in any micro-batch, ends it.
    [Theory]
    [InlineData(1f, 1f, true)]
    [InlineData(1f, 1e20f, false)]
    [InlineData(1e20f, 1f, false)]
    [InlineData(1f, 1e14f, false)]
    public void IsKnownFinite_ModestNumbersAlone(float first, float second, bool expected)
    {
        using Network network = new("linear", MapShape.Map(1, 1, 1, 20), [new Linear("fc", MapShape.Map(1, 1, 1, 20), 5)]);
        using PlanRun run = new(network, MapShape.Map(2, 1, 1, 20));
        Parameter weight = network.Parameters[0];
        Assert.False(run.Workspace.IsKnownFinite(weight));
        run.Workspace.ClearGradients();
        foreach (float scale in (float[])[first, second])
        {
            run.Forward([.. Enumerable.Repeat(scale, 40)], Moment);
            run.Backward([.. Enumerable.Repeat(1f, 10)]);
        }

        Assert.Equal(expected, run.Workspace.IsKnownFinite(weight));
        Assert.False(run.Workspace.IsKnownFinite(network.Parameters[1]));
        run.Workspace.ClearGradients();
        Assert.False(run.Workspace.IsKnownFinite(weight));
        Assert.All(run.Gradient(weight), g => Assert.Equal(0f, g));
    }

    [Fact]
    public void Backward_TwoMicroBatches_AddUpToTheWhole()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        (float[] y, _, float[] whole) = Step(run, Input);
        float[] x = EveryKind.Photos(Input);
        float[] dy = EveryKind.Dy(Input.N);
        run.Workspace.Bind(Input.WithBatch(2));
        run.Workspace.ClearGradients();
        List<float> outputs = [];
        for (int half = 0; half < 2; half++)
        {
            outputs.AddRange(run.Forward(x.AsSpan(half * x.Length / 2, x.Length / 2), Moment with { FirstSample = Moment.FirstSample + (2 * half) }));
            run.Backward(dy.AsSpan(half * dy.Length / 2, dy.Length / 2));
        }

        Assert.InRange(Packed.ErrorOverRms([.. outputs], Packed.ToDoubles(y)), 0.0, 1e-5);
        Assert.InRange(Packed.ErrorOverRms(Gradients(run), Packed.ToDoubles(whole)), 0.0, 1e-5);
    }

    [Theory]
    [InlineData(EveryKind.FirstLinear)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Plan_CutInTwo_GivesTheSameOutputAndGradients(int cut)
    {
        using Network network = EveryKind.Create();
        using PlanRun whole = new(network, Input);
        (float[] y, float[] dx, float[] gradients) = Step(whole, Input);
        MapShape between = network.Shapes(Input)[network.NodesBefore(cut) - 1];
        using PlanRun lower = new(network, Input, layers: ..cut);
        using PlanRun upper = new(network, between, layers: cut..);
        float[] y2 = upper.Forward(lower.Forward(EveryKind.Photos(Input), Moment), Moment);
        float[] dx2 = lower.Backward(upper.Backward(EveryKind.Dy(Input.N)));
        IEnumerable<float> lowerGradients = network.Layers.Take(cut).SelectMany(layer => layer.Parameters).SelectMany(lower.Gradient);
        IEnumerable<float> upperGradients = network.Layers.Skip(cut).SelectMany(layer => layer.Parameters).SelectMany(upper.Gradient);
        float[] gradients2 = [.. lowerGradients, .. upperGradients];
        Assert.Equal(y, y2);
        Assert.InRange(Packed.ErrorOverRms(dx2, Packed.ToDoubles(dx)), 0.0, 1e-5);
        Assert.InRange(Packed.ErrorOverRms(gradients2, Packed.ToDoubles(gradients)), 0.0, 1e-5);
        if (cut == EveryKind.FirstLinear)
        {
            // No fused pair is cut, so it is the same arithmetic.
            Assert.Equal(dx, dx2);
            Assert.Equal(gradients, gradients2);
        }
    }

    [Fact]
    public void Workspace_OfAnotherPlanOrParameter_IsRefused()
    {
        using Network network = EveryKind.Create();
        using PlanRun run = new(network, Input);
        using PlanRun lower = new(network, Input, layers: ..3);
        Assert.Throws<ArgumentException>(() => run.Plan.Forward(lower.Workspace));
        Assert.Throws<KeyNotFoundException>(() => lower.Workspace.Gradient(network.Parameters[^1]).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Plan(network, 3..3));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Step_MoreWorkers_GivesTheSameBits(int workers)
    {
        // Large enough that every kernel cuts its work, the weights' gradients into groups of pixels too.
        MapShape input = EveryKind.Input(5, 30, 31);
        using Network network = EveryKind.Create();
        using PlanRun one = new(network, input);
        using PlanRun more = new(network, input, workers: workers);
        (float[] y, float[] dx, float[] gradients) = Step(one, input);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            (float[] y2, float[] dx2, float[] gradients2) = Step(more, input);
            Assert.Equal(Bits(y), Bits(y2));
            Assert.Equal(Bits(dx), Bits(dx2));
            Assert.Equal(Bits(gradients), Bits(gradients2));
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private static (float[] Y, float[] Dx, float[] Gradients) Step(PlanRun run, MapShape input)
    {
        run.Workspace.ClearGradients();
        float[] y = run.Forward(EveryKind.Photos(input), Moment);
        float[] dx = run.Backward(EveryKind.Dy(input.N));
        return (y, dx, Gradients(run));
    }

    private static float[] Gradients(PlanRun run) => [.. run.Plan.Network.Parameters.SelectMany(run.Gradient)];

    private sealed class Recorder : IGradientSink
    {
        public List<(Parameter Parameter, float[] Gradient)> Heard { get; } = [];

        public void Complete(Parameter parameter, Workspace workspace) => Heard.Add((parameter, workspace.Gradient(parameter).ToArray()));
    }
}
