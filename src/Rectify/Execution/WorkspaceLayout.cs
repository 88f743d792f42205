using Rectify.Kernels;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Where the buffers of a plan lie for a certain input.</summary>
/// <remarks>
/// Moments of time: step i runs forward at i, the loss is taken at S (the number of steps), step i runs backward at 2S − i. A map lives from the step that makes
/// it to the last that reads it, which in training may be on the way back.
/// </remarks>
internal sealed class WorkspaceLayout
{
    private readonly MapShape[] _shapes;
    private readonly BufferSlice[] _slices;

    public WorkspaceLayout(Plan plan, KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient)
    {
        ReadOnlySpan<Step> steps = plan.StepList;
        int count = steps.Length;
        bool training = mode == ExecutionMode.Training;
        _shapes = new MapShape[count + 1];
        _shapes[0] = input;
        StepMemory[] memory = new StepMemory[count];
        for (int i = 0; i < count; i++)
        {
            _shapes[i + 1] = steps[i].Output(_shapes[i]);
            memory[i] = steps[i].Memory(_shapes[i], mode, context);
        }

        BufferRequest[] requests = new BufferRequest[(2 * (count + 1)) + (3 * count)];
        for (int map = 0; map <= count; map++)
        {
            int last = map;
            if (training && map < count && memory[map].NeedsInput)
            {
                last = (2 * count) - map;
            }

            if (training && map > 0 && memory[map - 1].NeedsOutput)
            {
                last = Math.Max(last, (2 * count) - (map - 1));
            }

            requests[Map(map)] = new BufferRequest(_shapes[map].Length, map - 1, last);
            bool wanted = training && (map > 0 || inputGradient);
            int made = map == count ? count : (2 * count) - map;
            requests[Gradient(map)] = new BufferRequest(wanted ? _shapes[map].Length : 0, made, map == 0 ? 2 * count : (2 * count) - (map - 1));
        }

        for (int i = 0; i < count; i++)
        {
            int back = (2 * count) - i;
            requests[Saved(i)] = new BufferRequest(memory[i].Saved, i, back);
            requests[ForwardScratch(i)] = new BufferRequest(checked((int)memory[i].ForwardScratch), i, i);
            requests[BackwardScratch(i)] = new BufferRequest(training ? checked((int)memory[i].BackwardScratch) : 0, back, back);
        }

        _slices = new BufferSlice[requests.Length];
        Length = ArenaLayout.Place(requests, _slices);
    }

    /// <summary>The input that it is for.</summary>
    public MapShape Input => _shapes[0];

    /// <summary>Floats that the arena must hold.</summary>
    public long Length { get; }

    /// <summary>Gives a step its shapes and memory.</summary>
    public void Bind(StepRun run, int i, NativeBuffer arena) => run.Bind(
        arena,
        _shapes[i],
        _shapes[i + 1],
        (_slices[Map(i)], _slices[Map(i + 1)], _slices[Gradient(i)], _slices[Gradient(i + 1)]),
        (_slices[Saved(i)], _slices[ForwardScratch(i)], _slices[BackwardScratch(i)]));

    private static int Map(int map) => map;

    private int Gradient(int map) => _shapes.Length + map;

    private int Saved(int step) => (2 * _shapes.Length) + (3 * step);

    private int ForwardScratch(int step) => Saved(step) + 1;

    private int BackwardScratch(int step) => Saved(step) + 2;
}
