using System.Runtime.InteropServices;

namespace Rectify.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and a terminal that is closed (SIGHUP): the first asks to stop, and says so; a second one ends the process at once, with the last
/// checkpoint whole.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _errors;
    private readonly Func<string>? _first;

    /// <summary>Begins to listen.</summary>
    /// <param name="errors">Where the sentence goes.</param>
    /// <param name="first">Says what the first signal brings about; null where that is done before it could be read.</param>
    public StopSignals(TextWriter errors, Func<string>? first = null)
    {
        (_errors, _first) = (errors, first);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_stop.IsCancellationRequested)
        {
            Environment.Exit(CommandTree.Interrupted);
        }

        if (_first is not null)
        {
            CommandTree.Tell(_errors, _first());
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work has just ended by itself.
        }
    }
}
