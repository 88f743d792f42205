using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Keeps a second process from training in the same folder. The system lets go of it when the process ends, however it ends.</summary>
public sealed class RunLock : IDisposable
{
    internal const string Name = ".lock";
    private const string Owner = "-owner";

    private readonly string _path;
    private readonly string _token = Guid.NewGuid().ToString("N");
    private FileStream _file;

    private RunLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Takes a folder's lock.</summary>
    /// <param name="folder">A run's folder, which exists.</param>
    /// <exception cref="RectifyException">Another process has it, or the folder cannot be written.</exception>
    public static RunLock Take(string folder) => TryTake(folder) ?? throw new RectifyException(
        $"Another process is training in {folder}; wait until it is done or stop it, or choose another --run.");

    /// <summary>Takes a folder's lock, or returns null if another process has it.</summary>
    /// <exception cref="RectifyException">The folder cannot be written.</exception>
    public static RunLock? TryTake(string folder)
    {
        string path = Path.Combine(folder, Name);
        FileStream file;
        try
        {
            file = Open(path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException || !File.Exists(path))
        {
            throw NotWritable(folder, e);
        }
        catch (IOException)
        {
            return null;
        }

        RunLock taken = new(path, file);
        try
        {
            taken.Sign();
            return taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is ours, but there is no room for a word.
            taken.Dispose();
            throw NotWritable(folder, e);
        }
    }

    /// <summary>Makes sure of the lock: somebody may have removed the folder, and somebody else begun a run in its place. Where nobody has, it is taken anew.</summary>
    /// <exception cref="RectifyException">Another process has the lock now.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Ensure()
    {
        if (IsMine())
        {
            return;
        }

        try
        {
            _file.Dispose();
            _ = Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _file = Open(_path);
        }
        catch (IOException e) when (File.Exists(_path))
        {
            throw new RectifyException(
                $"The folder {Path.GetDirectoryName(_path)} was removed, and another process trains there now; this run stops, for both cannot be kept in one place.", e);
        }

        Sign();
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static RectifyException NotWritable(string folder, Exception e) => new(
        $"{folder} cannot be written: {e.Message.TrimEnd('.')}; make room, give the right to write there, or choose another --run.", e);

    // A file that is locked cannot be read; so who has the lock stands beside it.
    private void Sign() => File.WriteAllText(_path + Owner, _token);

    private bool IsMine()
    {
        try
        {
            return File.Exists(_path) && File.ReadAllText(_path + Owner) == _token;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
