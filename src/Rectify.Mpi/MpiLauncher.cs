using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Mpi;

/// <summary>Whether a launcher has started this process as one of several, by its word in the environment.</summary>
public static class MpiLauncher
{
    // Open MPI's mpirun; Slurm's srun.
    private static readonly string[] SizeVariables = ["OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"];

    // These, and with PMIx or PMI-2 its own.
    private static readonly string[] RankVariables = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"];

    /// <summary>Whether this process is one of several.</summary>
    public static bool IsShared => Size > 1;

    /// <summary>How many the launcher has started; 1 without one.</summary>
    public static int Size => Number(SizeVariables, 1);

    /// <summary>Whether this process is the first of several, or alone.</summary>
    public static bool IsFirst => !IsShared || Number(RankVariables, 0) == 0;

    /// <summary>Looks whether MPI has found as many processes as the launcher has started: else each would do all the work, and write over the others.</summary>
    /// <param name="found">How many MPI has found.</param>
    /// <exception cref="RectifyException">It has not.</exception>
    internal static void Require(int found)
    {
        if (found != Size)
        {
            throw new RectifyException(FormattableString.Invariant($"The launcher has started {Size} processes and Open MPI finds {found}: ")
                + "they do not speak the same protocol; start with srun --mpi=pmix, or with Open MPI's own mpirun inside the allocation.");
        }
    }

    private static int Number(string[] variables, int otherwise) => variables
        .Select(Environment.GetEnvironmentVariable)
        .Where(value => value is not null)
        .Select(value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise)
        .FirstOrDefault(otherwise);
}
