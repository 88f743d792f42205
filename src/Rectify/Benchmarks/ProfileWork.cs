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
        MapShape[] maps = plan.Shapes(image.WithBatch(batch));
        for (int i = 0; i < entries.Count; i++)
        {
            Step step = plan.StepList[i];
            foreach (StepPass pass in Passes)
            {
                (double gigaflop, double gigabytes) = Work(step, pass, maps[step.Sources[0]], maps[i + 1]);
                if (profile.Seconds(i, pass) is { } seconds && gigabytes > 0)
                {
                    lines.Add(new ProfileLine(step.Name, pass, Kernel(entries[i].Kernels, pass), seconds, gigaflop, gigabytes));
                }
            }
        }

        foreach (StepPass pass in Passes)
        {
            if (profile.Seconds(IStepObserver.NoStep, pass) is { } seconds)
            {
                (double gigaflop, double gigabytes) = NetworkWork(pass, maps);
                lines.Add(new ProfileLine(WholeNetwork, pass, "", seconds, gigaflop, gigabytes));
            }
        }

        return lines;
    }

    /// <summary>A part's layer, and 10⁹ bytes that it must at least read and write.</summary>
    public (string Name, double Gigabytes) Moved(int step, StepPass pass)
    {
        MapShape[] maps = plan.Shapes(image.WithBatch(batch));
        return step == IStepObserver.NoStep
            ? (WholeNetwork, NetworkWork(pass, maps).Gigabytes)
            : (plan.StepList[step].Name, Work(plan.StepList[step], pass, maps[plan.StepList[step].Sources[0]], maps[step + 1]).Gigabytes);
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

    private (double Gigaflop, double Gigabytes) Work(Step step, StepPass pass, MapShape input, MapShape output)
    {
        double flop = 2e-9 * step.MultiplyAdds(input);
        double x = input.Length;
        double y = output.Length;
        double saved = step.Memory(input, mode, context).Saved;
        double w = step.Parameters.Sum(parameter => (double)parameter.StoredLength);
        double factored = Factored(step);
        bool weighted = step is RectifiedStep;
        double floats = pass switch
        {
            StepPass.Forward => x + y + saved + (_parts * w),
            StepPass.BackwardRectifier => 3 * y,
            StepPass.BackwardFilter => (factored > 0 ? 2 : 1) * (x + y) + (2 * _parts * (w - factored)),
            StepPass.BackwardData => x + y + (_parts * w),
            StepPass.Backward => weighted ? 0 : x + y + saved,
            StepPass.Sink => w - factored,
            _ => 0,
        };
        bool multiplies = pass is StepPass.Forward or StepPass.BackwardData || (pass == StepPass.BackwardFilter && factored == 0);
        return (multiplies ? flop : 0.0, 1e-9 * sizeof(float) * floats);
    }

    // Gradients that are kept as factors are multiplied out in the update and stored nowhere.
    private (double Gigaflop, double Gigabytes) NetworkWork(StepPass pass, MapShape[] maps)
    {
        double w = plan.Network.Parameters.Sum(parameter => (double)parameter.StoredLength);
        double factored = 0.0;
        double flop = 0.0;
        foreach (Step step in plan.StepList)
        {
            factored += Factored(step);
            flop += Factored(step) > 0 ? 2e-9 * step.MultiplyAdds(maps[step.Sources[0]]) : 0.0;
        }

        double floats = pass switch
        {
            StepPass.Load => 2.0 * image.WithBatch(batch).Length,
            StepPass.Clear => w - factored,
            StepPass.Loss => 2.0 * maps[^1].Length,
            StepPass.Update => (5 * w) - factored,
            _ => 0,
        };
        return (pass == StepPass.Update ? flop : 0.0, 1e-9 * sizeof(float) * floats);
    }

    private double Factored(Step step) =>
        step.Parameters.Where(parameter => step.FactoredShape(parameter, batch) is not null).Sum(parameter => (double)parameter.StoredLength);
}
