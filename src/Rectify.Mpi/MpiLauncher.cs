using System.Globalization;

namespace Rectify.Mpi;

/// <summary>Whether a launcher has started this process as one of several.</summary>
public static class MpiLauncher
{
    // Open MPI's mpirun; Slurm's srun with PMIx or PMI-2.
    private static readonly string[] SizeVariables = ["OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"];
    private static readonly string[] RankVariables = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"];

    /// <summary>Whether this process is one of several, by the launcher's word in the environment.</summary>
    public static bool IsShared => Number(SizeVariables) > 1 && Number(RankVariables) >= 0;

    private static int Number(string[] variables) => variables
        .Select(Environment.GetEnvironmentVariable)
        .Where(value => value is not null)
        .Select(value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)
        .FirstOrDefault(-1);
}
