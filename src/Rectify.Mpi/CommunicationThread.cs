using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Mpi;

/// <summary>The thread that speaks to MPI: what is asked of it is begun in the order of asking, the same on all ranks, and goes on while others compute.</summary>
internal sealed unsafe partial class CommunicationThread : IDisposable
{
    // Between two looks at what is under way. Longer would slow large sums, whose pieces move when MPI is called; shorter would take time from those who compute.
    private const uint PauseMicroseconds = 50;

    private const int HostBytes = 64;

    // Who waits does not compute: so long its processor is used to look all the time, for small sums and gatherings.
    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(250);

    private readonly object _gate = new();
    private readonly MpiOptions _options;
    private readonly Queue<MpiTask> _asked = new();
    private readonly List<MpiTask> _underWay = [];
    private readonly Stack<MpiTask> _unused = new();
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _joined = new();
    private Heartbeat? _heartbeat;
    private Exception? _failure;
    private string? _abort;
    private int _abortCode = 1;
    private int _open;
    private bool _closed;
    private long _waitsSince;

    private CommunicationThread(MpiOptions options)
    {
        _options = options;
        _thread = new Thread(Run) { IsBackground = true, Name = "rectify mpi" };
    }

    public int Rank { get; private set; }

    public int Size { get; private set; }

    /// <summary>Every rank's machine.</summary>
    public IReadOnlyList<string> Hosts { get; private set; } = [];

    /// <summary>How far this rank has come.</summary>
    public long Step { get; set; }

    /// <summary>Joins the job.</summary>
    public static CommunicationThread Start(MpiOptions options)
    {
        CommunicationThread started = new(options);
        started._thread.Start();
        started._joined.Wait();
        return started._failure is null ? started : throw new RectifyException(started._failure.Message, started._failure);
    }

    /// <summary>A task to be filled.</summary>
    public MpiTask Take(MpiOperation operation)
    {
        lock (_gate)
        {
            MpiTask task = _unused.Count > 0 ? _unused.Pop() : new MpiTask(Size);
            task.Operation = operation;
            return task;
        }
    }

    /// <summary>Asks for it.</summary>
    public void Post(MpiTask task)
    {
        lock (_gate)
        {
            _asked.Enqueue(task);
            _open++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all is done that was asked.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            Volatile.Write(ref _waitsSince, Stopwatch.GetTimestamp());
            while (_open > 0 && _failure is null)
            {
                _ = Monitor.Wait(_gate);
            }

            Volatile.Write(ref _waitsSince, 0);

            if (_failure is not null)
            {
                throw new RectifyException(_failure.Message, _failure);
            }
        }
    }

    /// <summary>Ends the job on all ranks; does not return.</summary>
    public void Abort(string reason, int code)
    {
        lock (_gate)
        {
            (_abort, _abortCode) = (reason, code);
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        _joined.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Pause(uint microseconds);

    private void Run()
    {
        MpiLibrary? mpi = null;
        try
        {
            mpi = MpiLibrary.Load();
            mpi.Initialize();
            (Rank, Size) = (mpi.Rank(), mpi.Size());
            MpiLauncher.Require(Size);
            string[] hosts = GatherHosts(mpi);
            Hosts = hosts;
            _heartbeat = new Heartbeat(mpi, Rank, hosts, _options.Silence);
            _joined.Set();
            Serve(mpi);
            mpi.FinalizeAll();
        }
#pragma warning disable CA1031 // Whatever happens here, the others must hear of it, or they wait for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure = e;
                Monitor.PulseAll(_gate);
            }

            if (_joined.IsSet)
            {
                _options.Report($"rectify: {e.Message}");
                mpi?.Abort(_abortCode);
            }

            _joined.Set();
        }
    }

    private void Serve(MpiLibrary mpi)
    {
        while (true)
        {
            if (_abort is { } reason)
            {
                throw new RectifyException(reason);
            }

            _heartbeat!.Beat(Step, _underWay.Count > 0);
            lock (_gate)
            {
                if (_asked.Count == 0 && _underWay.Count == 0)
                {
                    if (_closed)
                    {
                        _heartbeat.SayGoodbye();
                        return;
                    }

                    _ = Monitor.Wait(_gate, IdleWait);
                }

                while (_asked.TryDequeue(out MpiTask? task))
                {
                    _underWay.Add(task);
                    Begin(mpi, task);
                }
            }

            if (_underWay.Count > 0 && !Progress(mpi))
            {
                Rest();
            }
        }
    }

    private void Rest()
    {
        long since = Volatile.Read(ref _waitsSince);
        if (since != 0 && Stopwatch.GetElapsedTime(since) < Impatience)
        {
            _ = Thread.Yield();
        }
        else
        {
            _ = Pause(PauseMicroseconds);
        }
    }

    private bool Progress(MpiLibrary mpi)
    {
        bool any = false;
        for (int i = _underWay.Count - 1; i >= 0; i--)
        {
            MpiTask task = _underWay[i];
            if (!mpi.Test(ref task.Request))
            {
                continue;
            }

            any = true;
            _underWay.RemoveAt(i);
            lock (_gate)
            {
                _unused.Push(task);
                if (--_open == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }

        return any;
    }

    private static void Begin(MpiLibrary mpi, MpiTask task)
    {
        switch (task.Operation)
        {
            case MpiOperation.Sum:
                task.Request = mpi.Sum(task.Values, task.Count);
                break;
            case MpiOperation.SumAtOnce:
                task.Request = mpi.SumAtOnce(task.Values, task.Count);
                break;
            case MpiOperation.GatherMany:
                fixed (int* counts = task.Counts, offsets = task.Offsets)
                {
                    task.Request = mpi.GatherMany(task.Values, counts, offsets);
                }

                break;
            case MpiOperation.Gather:
                task.Request = mpi.Gather(task.Values, task.Count, task.Result);
                break;
            default:
                task.Request = mpi.Broadcast(task.Values, task.Count);
                break;
        }
    }

    private string[] GatherHosts(MpiLibrary mpi)
    {
        byte[] mine = GC.AllocateArray<byte>(HostBytes, pinned: true);
        byte[] all = GC.AllocateArray<byte>(HostBytes * Size, pinned: true);
        byte[] name = Encoding.UTF8.GetBytes(Environment.MachineName);
        name.AsSpan(0, Math.Min(name.Length, HostBytes)).CopyTo(mine);
        fixed (byte* from = mine, to = all)
        {
            nint request = mpi.Gather(from, HostBytes, to);
            while (!mpi.Test(ref request))
            {
                _ = Pause(PauseMicroseconds);
            }
        }

        return [.. Enumerable.Range(0, Size).Select(rank => Encoding.UTF8.GetString(all.AsSpan(rank * HostBytes, HostBytes)).TrimEnd('\0'))];
    }
}
