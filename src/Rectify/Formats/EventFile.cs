using System.Buffers;
using System.Globalization;

namespace Rectify.Formats;

/// <summary>A file of TensorBoard's events: scalars over steps. They are gathered and appended now and then; what cannot be written waits for the next time.</summary>
/// <remarks>
/// One writer to a file. A writer that is killed may leave half a record at the end, which readers pass over. Not thread-safe.
/// </remarks>
internal sealed class EventFile
{
    // Beyond this what a full disk keeps from being written is given up.
    private const int MostPending = 1 << 22;

    private const int LongestHost = 64;

    private readonly TimeProvider _clock;
    private readonly double _begun;
    private readonly ArrayBufferWriter<byte> _pending = new();
    private long _written;

    /// <summary>A file that is not there yet.</summary>
    /// <param name="path">Where; TensorBoard reads files with "tfevents" in their name, in the order of their names.</param>
    /// <param name="clock">The time of events.</param>
    public EventFile(string path, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(clock);
        (Path, _clock) = (path, clock);
        _begun = Seconds;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    private double Seconds => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>The path of a new file in a folder: events.out.tfevents.SECONDS.HOST, and a number behind it where that is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">Now.</param>
    /// <param name="host">The machine's name; what is neither letter, digit, dot nor hyphen becomes a hyphen.</param>
    public static string NewPath(string folder, DateTimeOffset time, string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        string safe = new([.. host.Take(LongestHost).Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-')]);
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.ToUnixTimeSeconds():D10}.{(safe.Length > 0 ? safe : "localhost")}");
        string path = System.IO.Path.Combine(folder, name);
        for (int i = 1; System.IO.Path.Exists(path); i++)
        {
            path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"));
        }

        return path;
    }

    /// <summary>Adds that a session starts: events of this step and of those beyond it, in files before this one, are void.</summary>
    /// <param name="step">The first step to come.</param>
    public void AddStart(long step) => Add(EventMessage.SessionStart(Seconds, step));

    /// <summary>Adds numbers.</summary>
    /// <param name="step">The step to which they belong.</param>
    /// <param name="scalars">The numbers.</param>
    public void Add(long step, params IReadOnlyCollection<EventScalar> scalars)
    {
        ArgumentNullException.ThrowIfNull(scalars);
        if (scalars.Count > 0)
        {
            Add(EventMessage.Scalars(Seconds, step, scalars));
        }
    }

    /// <summary>Appends what was added.</summary>
    /// <exception cref="IOException">The disk is full or the file cannot be written: what was added is kept, and the next flush goes on behind the last whole
    /// record.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written: likewise.</exception>
    public void Flush()
    {
        if (_pending.WrittenCount == 0)
        {
            return;
        }

        using FileStream file = new(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);

        // Shorter than it was: somebody removed it.
        _written = file.Length < _written ? 0 : _written;
        file.SetLength(_written);
        file.Position = _written;
        if (_written == 0)
        {
            ArrayBufferWriter<byte> version = new();
            TfRecord.Write(version, EventMessage.Version(_begun));
            file.Write(version.WrittenSpan);
        }

        file.Write(_pending.WrittenSpan);
        _written = file.Position;
        _pending.ResetWrittenCount();
    }

    private void Add(byte[] message)
    {
        if (_pending.WrittenCount + message.Length > MostPending)
        {
            _pending.ResetWrittenCount();
        }

        TfRecord.Write(_pending, message);
    }
}
