namespace Rectify.Training;

/// <summary>What a plateau detector remembers: it belongs to the position of training and to its checkpoints, so a resumed run drops where the other would have.</summary>
/// <param name="Drops">How often the rate has fallen.</param>
/// <param name="BestErrors">Top-1 errors at the last gain; null before the first validation.</param>
/// <param name="Waited">Epochs since the last gain or drop.</param>
public readonly record struct PlateauState(int Drops, int? BestErrors, int Waited)
{
    /// <summary>The state after an epoch.</summary>
    /// <param name="options">Patience and least gain.</param>
    /// <param name="errors">The epoch's top-1 errors on the validation set.</param>
    /// <param name="images">Images of that set.</param>
    /// <remarks>A gain is counted against the last gain, so many small ones add up. What has been waited for counts from the last drop on.</remarks>
    public PlateauState Next(PlateauOptions options, int errors, int images)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool gain = BestErrors is not { } best || (errors < best && 100.0 * (best - errors) / images >= options.LeastGain);
        if (gain)
        {
            return this with { BestErrors = errors, Waited = 0 };
        }

        return Waited + 1 >= options.Patience && Drops < options.MostDrops
            ? this with { Drops = Drops + 1, Waited = 0 }
            : this with { Waited = Waited + 1 };
    }
}
