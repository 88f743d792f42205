using System.Runtime.ExceptionServices;
using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Reads every sample of a data set once and resizes it to several shorter sides, on threads of its own, ahead of the one who consumes them.</summary>
/// <remarks>Pictures come in the data set's order and do not depend on the number of threads. One that cannot be read comes with the reason.</remarks>
internal sealed class ScaledPictureLoader : IDisposable
{
    // A read that hangs longer is left behind with its thread.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly IDataset _data;
    private readonly int[] _sides;
    private readonly ScaledPicture?[] _ring;
    private readonly Thread[] _threads;
    private ExceptionDispatchInfo? _error;
    private int _claimed, _taken;
    private bool _closed;

    /// <summary>Begins to read.</summary>
    /// <param name="data">Where samples come from; must be thread-safe.</param>
    /// <param name="sides">The shorter sides wanted.</param>
    /// <param name="workers">Threads.</param>
    public ScaledPictureLoader(IDataset data, IReadOnlyList<int> sides, int workers)
    {
        (_data, _sides) = (data, [.. sides]);
        _ring = new ScaledPicture?[(2 * workers) + 2];
        _threads = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"rectify pictures {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The next sample.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public ScaledPicture Take(CancellationToken cancellation)
    {
        using CancellationTokenRegistration wake = cancellation.Register(Wake);
        lock (_gate)
        {
            int slot = _taken % _ring.Length;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                _error?.Throw();
                if (_ring[slot] is { } picture)
                {
                    _ring[slot] = null;
                    _taken++;
                    Monitor.PulseAll(_gate);
                    return picture;
                }

                _ = Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            _ = thread.Join(Grace);
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        while (Claim() is { } index)
        {
            try
            {
                Put(Read(index));
            }
#pragma warning disable CA1031 // Whatever a data set throws is the consumer's to see; a thread that dies would leave him waiting.
            catch (Exception e)
#pragma warning restore CA1031
            {
                lock (_gate)
                {
                    _error ??= ExceptionDispatchInfo.Capture(e);
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    private int? Claim()
    {
        lock (_gate)
        {
            while (!_closed && _error is null && _claimed < _data.Count)
            {
                if (_claimed < _taken + _ring.Length)
                {
                    return _claimed++;
                }

                _ = Monitor.Wait(_gate);
            }

            return null;
        }
    }

    private void Put(ScaledPicture picture)
    {
        lock (_gate)
        {
            _ring[picture.Index % _ring.Length] = picture;
            Monitor.PulseAll(_gate);
        }
    }

    private ScaledPicture Read(int index)
    {
        try
        {
            RgbImage whole = _data.Read(index, _sides.Max());
            return new ScaledPicture(index, [.. _sides.Select(side => Resize.ShorterSide(whole, side))], null);
        }
        catch (RectifyException e)
        {
            string name = _data.Name(index);
            return new ScaledPicture(index, [], new SampleFailure(index, name, e.Message.Contains(name, StringComparison.Ordinal) ? e.Message : $"{name}: {e.Message}"));
        }
    }
}
