using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rectify.Tensors;

namespace Rectify.Mpi;

/// <summary>Signs of life: every rank tells the first one, and the first tells all, how far it has come, every second. A rank that has died or stopped tells nothing.</summary>
/// <remarks>Not thread-safe: the communication thread's alone. A rank that leaves in good order says so, and is not missed.</remarks>
internal sealed unsafe class Heartbeat
{
    private const int Tag = 7701;
    private const long Goodbye = long.MaxValue;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly MpiLibrary _mpi;
    private readonly int _rank;
    private readonly string[] _hosts;
    private readonly TimeSpan _silence;
    private readonly long[] _outgoing;
    private readonly nint[] _sends;
    private readonly long[] _heard;
    private readonly long[] _steps;
    private readonly bool[] _left;
    private long _beaten;

    /// <summary>Begins to listen.</summary>
    /// <param name="mpi">The library.</param>
    /// <param name="rank">This rank.</param>
    /// <param name="hosts">Every rank's machine.</param>
    /// <param name="silence">How long it may last.</param>
    public Heartbeat(MpiLibrary mpi, int rank, string[] hosts, TimeSpan silence)
    {
        (_mpi, _rank, _hosts, _silence) = (mpi, rank, hosts, silence);
        _outgoing = GC.AllocateArray<long>(hosts.Length, pinned: true);
        (_sends, _heard, _steps, _left) = (new nint[hosts.Length], new long[hosts.Length], new long[hosts.Length], new bool[hosts.Length]);
        Array.Fill(_heard, Stopwatch.GetTimestamp());
    }

    /// <summary>Tells, listens, and judges; to be called often.</summary>
    /// <param name="step">How far this rank has come.</param>
    /// <param name="isWaiting">Whether something is under way, for which all are needed: then one that has left is missed too.</param>
    /// <exception cref="RectifyException">A rank has been silent for too long: its machine, rank and last step.</exception>
    public void Beat(long step, bool isWaiting)
    {
        if (Stopwatch.GetElapsedTime(_beaten) < Every)
        {
            return;
        }

        // A process that was stopped itself, or had no time at all, must not blame the others for it: they get their time anew.
        bool slept = _beaten != 0 && Stopwatch.GetElapsedTime(_beaten) > _silence / 2;
        _beaten = Stopwatch.GetTimestamp();
        foreach (int other in Others())
        {
            Tell(other, step);
            long heard;
            while (_mpi.TryReceive(&heard, sizeof(long), other, Tag))
            {
                _heard[other] = _beaten;
                (_steps[other], _left[other]) = heard == Goodbye ? (_steps[other], true) : (heard, false);
            }

            if (slept)
            {
                _heard[other] = _beaten;
            }

            if ((isWaiting || !_left[other]) && Stopwatch.GetElapsedTime(_heard[other], _beaten) > _silence)
            {
                string what = _left[other] ? "has been gone" : "has given no sign of life";
                throw new RectifyException(
                    FormattableString.Invariant($"Rank {other} on {_hosts[other]} {what} for {_silence.TotalSeconds:F0} s; its last step was {_steps[other]}. ")
                    + "The job ends; go on from the last checkpoint with: rectify train --resume");
            }
        }
    }

    /// <summary>Leaves in good order; one that does not listen any more is not waited for without end.</summary>
    public void SayGoodbye()
    {
        long since = Stopwatch.GetTimestamp();
        foreach (int other in Others())
        {
            while (_sends[other] != 0 && !_mpi.Test(ref _sends[other]) && Stopwatch.GetElapsedTime(since) < _silence)
            {
                Thread.Yield();
            }

            Tell(other, Goodbye);
        }
    }

    private IEnumerable<int> Others() => _rank == 0 ? Enumerable.Range(1, _hosts.Length - 1) : [0];

    // The last message is left alone until it has gone: then there is no use in another.
    private void Tell(int other, long step)
    {
        if (_sends[other] != 0 && !_mpi.Test(ref _sends[other]))
        {
            return;
        }

        _outgoing[other] = step;
        _sends[other] = _mpi.Send(Unsafe.AsPointer(ref _outgoing[other]), sizeof(long), other, Tag);
    }
}
