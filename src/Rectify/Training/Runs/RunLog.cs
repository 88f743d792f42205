using System.Text;
using System.Text.Json;
using Rectify.Formats;

namespace Rectify.Training;

/// <summary>log.jsonl: a JSON object a line. Lines are gathered and appended now and then; what cannot be written waits for the next time.</summary>
internal sealed class RunLog
{
    // Beyond this the oldest lines that a full disk keeps from being written are given up.
    private const int MostPending = 1 << 24;

    private readonly string _path;
    private readonly StringBuilder _pending = new();

    /// <summary>A log.</summary>
    /// <param name="path">The file, which need not exist.</param>
    public RunLog(string path) => _path = path;

    /// <summary>Adds a line.</summary>
    /// <param name="write">Writes the object's properties.</param>
    public void Add(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        _pending.Append(Encoding.UTF8.GetString(memory.GetBuffer().AsSpan(0, (int)memory.Length))).Append('\n');
        if (_pending.Length > MostPending)
        {
            _pending.Remove(0, _pending.ToString(0, _pending.Length / 2).LastIndexOf('\n') + 1);
        }
    }

    /// <summary>Appends what was added.</summary>
    /// <exception cref="IOException">The disk is full or the file cannot be written: the lines are kept, and no half of them is left in the file.</exception>
    public void Flush()
    {
        if (_pending.Length == 0)
        {
            return;
        }

        using FileStream file = new(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        long end = file.Seek(0, SeekOrigin.End);
        try
        {
            file.Write(Encoding.UTF8.GetBytes(_pending.ToString()));
        }
        catch
        {
            file.SetLength(end);
            throw;
        }

        _pending.Clear();
    }

    /// <summary>Takes out of the file what came after a checkpoint: a run that goes on from there writes it anew. A line that a kill tore in two goes too.</summary>
    /// <param name="position">The checkpoint's.</param>
    public void CutAfter(TrainingPosition position)
    {
        if (!File.Exists(_path))
        {
            return;
        }

        string kept = _path + ".kept";
        bool cut = false;
        AtomicFile.Write(kept, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            foreach (string line in File.ReadLines(_path))
            {
                if (IsWithin(line, position))
                {
                    writer.Write(line);
                    writer.Write('\n');
                }
                else
                {
                    cut = true;
                }
            }
        });
        if (cut)
        {
            File.Move(kept, _path, overwrite: true);
        }
        else
        {
            File.Delete(kept);
        }
    }

    private static bool IsWithin(string line, TrainingPosition position)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            long Number(string name) =>
                root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement element) && element.TryGetInt64(out long value) ? value : long.MaxValue;

            bool epoch = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("kind", out JsonElement kind) && (kind.ValueEquals("epoch") || kind.ValueEquals("rate"));
            return Number("step") <= position.TotalSteps && (!epoch || Number("epoch") <= position.Epoch);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
