using Rectify.Kernels;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Where the buffers of a plan lie for a certain input.</summary>
/// <remarks>
/// Moments of time: step i runs forward at i, the loss is taken at S (the number of steps), step i runs backward at 2S − i. A map lives from the step that makes
/// it to the last that reads it, which in training may be on the way back. Its gradient lives from the last of its readers, the first on the way back, which writes
/// it, to the step that makes the map. Every other reader writes its part into a buffer of that moment alone, and the part is added.
/// </remarks>
internal sealed class WorkspaceLayout
{
    private readonly Step[] _steps;
    private readonly MapShape[] _shapes;
    private readonly List<BufferRequest> _requests = [];
    private readonly StepPlace[] _places;
    private readonly bool[] _wayBack;

    public WorkspaceLayout(Plan plan, KernelContext context, ExecutionMode mode, MapShape input, bool inputGradient)
    {
        _steps = [.. plan.StepList];
        _shapes = plan.Shapes(input);
        bool training = mode == ExecutionMode.Training;
        _wayBack = [.. _steps.Select((_, i) => training && (inputGradient || plan.HasWayBack(i)))];
        StepMemory[] memory = [.. _steps.Select(step => step.Memory(_shapes[step.Sources[0]], mode, context))];
        int[] maps = new int[_shapes.Length];
        int[] gradients = new int[_shapes.Length];
        for (int map = 0; map < _shapes.Length; map++)
        {
            maps[map] = Want(MapLife(map, memory));
            gradients[map] = Want(training && (map > 0 ? _wayBack[map - 1] : inputGradient) ? GradientLife(map) : default);
        }

        int[][] parts = new int[_steps.Length][];
        int[] saved = new int[_steps.Length];
        for (int i = 0; i < _steps.Length; i++)
        {
            int now = Back(i);
            parts[i] = [.. _steps[i].Sources.Select((map, source) => WritesWhole(i, source)
                ? gradients[map]
                : Want(new BufferRequest(_requests[gradients[map]].Length, now, now)))];
            saved[i] = Want(new BufferRequest(memory[i].Saved, i, _wayBack[i] ? now : i));
            Want(new BufferRequest(checked((int)memory[i].ForwardScratch), i, i));
            Want(new BufferRequest(_wayBack[i] ? checked((int)memory[i].BackwardScratch) : 0, now, now));
        }

        BufferSlice[] slices = new BufferSlice[_requests.Count];
        Length = ArenaLayout.Place(_requests.ToArray(), slices);
        _places = [.. _steps.Select((step, i) => new StepPlace
        {
            Inputs = [.. step.Sources.Select((map, source) => new InputPlace(
                _shapes[map], slices[maps[map]], slices[parts[i][source]], slices[gradients[map]]))],
            OutputShape = _shapes[i + 1],
            Output = slices[maps[i + 1]],
            OutputGradient = slices[gradients[i + 1]],
            Saved = slices[saved[i]],
            ForwardScratch = slices[saved[i] + 1],
            BackwardScratch = slices[saved[i] + 2],
        })];
    }

    /// <summary>The input that it is for.</summary>
    public MapShape Input => _shapes[0];

    /// <summary>Floats that the arena must hold.</summary>
    public long Length { get; }

    /// <summary>Gives a step its shapes and memory.</summary>
    public void Bind(StepRun run, int i, NativeBuffer arena) => run.Bind(arena, _places[i]);

    private int Want(BufferRequest request)
    {
        _requests.Add(request);
        return _requests.Count - 1;
    }

    private int Back(int step) => (2 * _steps.Length) - step;

    private IEnumerable<int> Readers(int map) => Enumerable.Range(0, _steps.Length).Where(i => _steps[i].Sources.Contains(map));

    // The output is read by the loss.
    private BufferRequest MapLife(int map, StepMemory[] memory)
    {
        int last = Readers(map).DefaultIfEmpty(_steps.Length).Max();
        last = Readers(map).Where(i => _wayBack[i] && memory[i].NeedsInput).Select(Back).Append(last).Max();
        last = map > 0 && _wayBack[map - 1] && memory[map - 1].NeedsOutput ? Math.Max(last, Back(map - 1)) : last;
        return new BufferRequest(_shapes[map].Length, map - 1, last);
    }

    private BufferRequest GradientLife(int map)
    {
        int made = Readers(map).Select(Back).DefaultIfEmpty(_steps.Length).Min();
        return new BufferRequest(_shapes[map].Length, made, map == 0 ? 2 * _steps.Length : Back(map - 1));
    }

    // Whether a step is the first on the way back to give a part of a map's gradient.
    private bool WritesWhole(int step, int source)
    {
        int map = _steps[step].Sources[source];
        return Readers(map).Max() == step && !_steps[step].Sources.Take(source).Contains(map);
    }
}
