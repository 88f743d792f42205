using System.CommandLine;
using System.CommandLine.Help;
using Rectify.Communication;
using Rectify.Mpi;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Runs a verb as one of the processes that a launcher has started, or alone.</summary>
internal static class Ranks
{
    /// <summary>Whether processes share the work of a command line; what they do not, the first does alone.</summary>
    public static bool Share(ParseResult parsed) =>
        parsed.Action is not HelpAction
        && parsed.CommandResult.Command.Name is "train" or "evaluate" or BenchNetworkCommand.Step or BenchAllreduceCommand.Name
        && !parsed.Tokens.Any(token => token.Value == TrainCommand.FindRate);

    /// <summary>Runs it. The first rank alone speaks; an error of any ends all, and is told by whom it befell.</summary>
    /// <param name="invocation">Where results and messages go.</param>
    /// <param name="run">The verb, with the ranks and where this one's results and messages go.</param>
    /// <param name="scheme">How they come to one gradient, if they train.</param>
    public static int Run(InvocationConfiguration invocation, Func<Communicator, TextWriter, TextWriter, int> run, ParallelScheme scheme = ParallelScheme.Auto)
    {
        if (!MpiLauncher.IsShared)
        {
            return run(Alone.Instance, invocation.Output, invocation.Error);
        }

        using MpiCommunicator communicator = MpiCommunicator.Join(new MpiOptions
        {
            Scheme = scheme,
            Report = sentence => CommandTree.Tell(invocation.Error, sentence),
        });
        try
        {
            return communicator.IsFirst ? run(communicator, invocation.Output, invocation.Error) : run(communicator, TextWriter.Null, TextWriter.Null);
        }
        catch (TrainingDivergedException) when (!communicator.IsFirst)
        {
            // All ranks have come to it in the same step, and the first saves what there is.
            return CommandTree.Failed;
        }
        catch (Exception e) when (e is not TrainingDivergedException)
        {
            communicator.Abort($"rank {communicator.Rank} on {Environment.MachineName}: {(e is OperationCanceledException ? "interrupted" : e.Message)}", CodeOf(e));
            throw;
        }
    }

    private static int CodeOf(Exception e) => e switch
    {
        UsageException => CommandTree.WrongUse,
        OperationCanceledException => CommandTree.Interrupted,
        _ => CommandTree.Failed,
    };
}
