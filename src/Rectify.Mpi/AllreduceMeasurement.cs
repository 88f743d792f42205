namespace Rectify.Mpi;

/// <summary>How long it takes to sum so many bytes over all ranks: medians.</summary>
/// <param name="Bytes">Of floats on each rank.</param>
/// <param name="Runs">Times that each was measured, by turns.</param>
/// <param name="Seconds">By <see cref="MpiCommunicator"/>, as training does it: begun by one thread, carried on by another.</param>
/// <param name="LibrarySeconds">By MPI_Allreduce, in one call.</param>
public sealed record AllreduceMeasurement(long Bytes, int Runs, double Seconds, double LibrarySeconds)
{
    /// <summary>Bytes summed in a second, in 10⁹.</summary>
    public double GigabytesPerSecond => 1e-9 * Bytes / Seconds;

    /// <summary>The same of MPI_Allreduce.</summary>
    public double LibraryGigabytesPerSecond => 1e-9 * Bytes / LibrarySeconds;

    /// <summary>How many times as long ours takes.</summary>
    public double Ratio => Seconds / LibrarySeconds;
}
