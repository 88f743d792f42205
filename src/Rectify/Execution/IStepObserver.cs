namespace Rectify.Execution;

/// <summary>Which part of a step's work, or what a training step does beside the plan.</summary>
public enum StepPass
{
    /// <summary>From input to output.</summary>
    Forward,

    /// <summary>The rectifier's way back, with the gradients of slopes and biases.</summary>
    BackwardRectifier,

    /// <summary>The gradient of the weights, or the keeping of its factors.</summary>
    BackwardFilter,

    /// <summary>The gradient of the input.</summary>
    BackwardData,

    /// <summary>The way back of a step without weights.</summary>
    Backward,

    /// <summary>Whoever hears of complete gradients.</summary>
    Sink,

    /// <summary>The batch into the workspace.</summary>
    Load,

    /// <summary>Gradients to zero.</summary>
    Clear,

    /// <summary>Loss, its gradient and errors.</summary>
    Loss,

    /// <summary>The optimizer, which multiplies factors out.</summary>
    Update,

    /// <summary>Waiting for other ranks, and for sums over them.</summary>
    Exchange,
}

/// <summary>Hears, on the thread that executes, whenever a part of an execution is done: the time since it last heard went into that part.</summary>
internal interface IStepObserver
{
    /// <summary>Stands for what belongs to no step of the plan.</summary>
    const int NoStep = -1;

    /// <summary>A part is done.</summary>
    /// <param name="step">Index in the plan, or <see cref="NoStep"/>.</param>
    /// <param name="pass">Which part of it.</param>
    void Done(int step, StepPass pass);
}
