namespace Rectify.Training;

/// <summary>How far training has come. With the parameters and velocities it is all that a resumed run needs: random numbers are a matter of seed and position.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Step">Steps done within the next epoch.</param>
/// <param name="TotalSteps">Steps done in all.</param>
/// <param name="BestTop1Errors">Least validation errors so far; int.MaxValue before the first validation.</param>
public readonly record struct TrainingPosition(int Epoch, int Step, long TotalSteps, int BestTop1Errors)
{
    /// <summary>Before the first step.</summary>
    public static TrainingPosition Start { get; } = new(0, 0, 0, int.MaxValue);

    /// <summary>What the plateau detector remembers.</summary>
    public PlateauState Plateau { get; init; }
}
