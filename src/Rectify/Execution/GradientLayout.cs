using Rectify.Kernels;
using Rectify.Kernels.Linear;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>Where the gradients of a plan's parameters lie: in full or, where that takes less and the images of a step are known, as factors.</summary>
internal sealed class GradientLayout
{
    private readonly List<GradientPlace> _places = [];

    /// <summary>Places the gradients.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="images">Images of a step; 0 if nobody knows.</param>
    public GradientLayout(Plan plan, KernelContext context, int images)
    {
        int scratch = 0;
        foreach (Step step in plan.StepList)
        {
            foreach (Parameter parameter in step.Parameters)
            {
                if (step.FactoredShape(parameter, images) is not { } shape)
                {
                    _places.Add(new GradientPlace(parameter, Take(parameter.StoredLength), default, default));
                    continue;
                }

                _places.Add(new GradientPlace(parameter, default, new FactorPlace(Take(shape.Input.Length), Take(shape.Output.Length)), shape));
                long wanted = LinearKernels.BackwardFilter.Choose(shape, context).ScratchLength(shape, context.Workers.Count);
                scratch = Math.Max(scratch, checked((int)wanted));
            }
        }

        Scratch = Take(scratch);
    }

    /// <summary>All parameters of the plan, in its order.</summary>
    public IReadOnlyList<GradientPlace> Places => _places;

    /// <summary>Scratch for the products of factors.</summary>
    public BufferSlice Scratch { get; }

    /// <summary>Floats of all.</summary>
    public long Length { get; private set; }

    private BufferSlice Take(int length)
    {
        BufferSlice slice = new(Length, length);
        Length += ((long)length + MapShape.ChannelBlock - 1) / MapShape.ChannelBlock * MapShape.ChannelBlock;
        return slice;
    }
}

/// <summary>Where a parameter's gradient lies.</summary>
/// <param name="Parameter">Whose.</param>
/// <param name="Whole">All of it; nowhere if it is kept as factors.</param>
/// <param name="Factors">Its factors, if it is.</param>
/// <param name="Shape">Then the layer with all images of a step.</param>
internal readonly record struct GradientPlace(Parameter Parameter, BufferSlice Whole, FactorPlace Factors, LinearShape Shape)
{
    /// <summary>Whether it is kept as factors.</summary>
    public bool IsFactored => Shape.K > 0;
}
