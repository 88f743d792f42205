using Rectify.Communication;
using Rectify.Mpi;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Runs a verb as one of the processes that a launcher has started, or alone.</summary>
internal static class Ranks
{
    /// <summary>Runs it. An error of one rank ends all; one that all have alike, the first tells.</summary>
    /// <param name="errors">Where messages go.</param>
    /// <param name="run">The verb.</param>
    public static int Run(TextWriter errors, Func<Communicator, int> run)
    {
        if (!MpiLauncher.IsShared)
        {
            return run(Alone.Instance);
        }

        using MpiCommunicator communicator = MpiCommunicator.Join(new MpiOptions { Report = sentence => CommandTree.Tell(errors, sentence) });
        try
        {
            return run(communicator);
        }
        catch (TrainingDivergedException) when (!communicator.IsFirst)
        {
            // All ranks have come to it in the same step, and the first saves what there is.
            return CommandTree.Failed;
        }
        catch (Exception e) when (e is not TrainingDivergedException)
        {
            communicator.Abort($"rank {communicator.Rank} on {Environment.MachineName}: {e.Message}");
            throw;
        }
    }
}
