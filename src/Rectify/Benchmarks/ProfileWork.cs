using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Tensors;

namespace Rectify.Benchmarks;

/// <summary>What each part of a run has to compute and to move, beside the time that it took.</summary>
internal sealed class ProfileWork(Plan plan, ExecutionMode mode, KernelContext context, MapShape image, int batch, int microBatch)
{
    private const string WholeNetwork = "network";

    private static readonly StepPass[] Passes = Enum.GetValues<StepPass>();

    private readonly int _parts = (batch + microBatch - 1) / microBatch;

    public IReadOnlyList<ProfileLine> Lines(StepProfile profile)
    {
        List<ProfileLine> lines = [];
        IReadOnlyList<PlanEntry> entries = plan.Describe(image.WithBatch(microBatch), mode, context.Isa, context.Exact);
        MapShape input = image.WithBatch(batch);
        for (int i = 0; i < entries.Count; i++)
        {
            Step step = plan.StepList[i];
            foreach (StepPass pass in Passes)
            {
                (double gigaflop, double gigabytes) = Work(step, pass, input);
                if (profile.Seconds(i, pass) is { } seconds && gigabytes > 0)
                {
                    lines.Add(new ProfileLine(step.Name, pass, Kernel(entries[i].Kernels, pass), seconds, gigaflop, gigabytes));
                }
            }

            input = step.Output(input);
        }

        foreach (StepPass pass in Passes)
        {
            if (profile.Seconds(IStepObserver.NoStep, pass) is { } seconds)
            {
                lines.Add(new ProfileLine(WholeNetwork, pass, "", seconds, 0.0, NetworkWork(pass, input)));
            }
        }

        return lines;
    }

    // Forward / backward-data / backward-filter, as the plan lists them.
    private static string Kernel(string kernels, StepPass pass)
    {
        string[] names = kernels.Split(" / ");
        return pass switch
        {
            StepPass.Forward => names[0],
            StepPass.BackwardData when names.Length == 3 => names[1],
            StepPass.BackwardFilter when names.Length == 3 => names[2],
            _ => "",
        };
    }

    private (double Gigaflop, double Gigabytes) Work(Step step, StepPass pass, MapShape input)
    {
        double flop = 2e-9 * step.Layers[0].MultiplyAdds(input);
        double x = input.Length;
        double y = step.Output(input).Length;
        double saved = step.Memory(input, mode, context).Saved;
        double w = step.Parameters.Sum(parameter => (double)parameter.StoredLength);
        bool weighted = step is RectifiedStep;
        double floats = pass switch
        {
            StepPass.Forward => x + y + saved + (_parts * w),
            StepPass.BackwardRectifier => 3 * y,
            StepPass.BackwardFilter => x + y + (2 * _parts * w),
            StepPass.BackwardData => x + y + (_parts * w),
            StepPass.Backward => weighted ? 0 : x + y + saved,
            StepPass.Sink => w,
            _ => 0,
        };
        return (pass is StepPass.Forward or StepPass.BackwardFilter or StepPass.BackwardData ? flop : 0.0, 1e-9 * sizeof(float) * floats);
    }

    private double NetworkWork(StepPass pass, MapShape output)
    {
        double w = plan.Network.Parameters.Sum(parameter => (double)parameter.StoredLength);
        double floats = pass switch
        {
            StepPass.Load => 2.0 * image.WithBatch(batch).Length,
            StepPass.Clear => w,
            StepPass.Loss => 2.0 * output.Length,
            StepPass.Update => 5 * w,
            _ => 0,
        };
        return 1e-9 * sizeof(float) * floats;
    }
}
