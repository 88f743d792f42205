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

    private RunLock(string path)
    {
        _path = path;
        _file = Open();
    }

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
        try
        {
            return new RunLock(path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException || !File.Exists(path))
        {
            throw new RectifyException($"{folder} cannot be written: {e.Message.TrimEnd('.')}; give the right to write there, or choose another --run.", e);
        }
        catch (IOException)
        {
            return null;
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
            _file = Open();
        }
        catch (IOException e) when (File.Exists(_path))
        {
            throw new RectifyException(
                $"The folder {Path.GetDirectoryName(_path)} was removed, and another process trains there now; this run stops, for both cannot be kept in one place.", e);
        }
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _file.Dispose();

    private FileStream Open()
    {
        FileStream file = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            File.WriteAllText(_path + Owner, _token);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A file that is locked cannot be read; so who has the lock stands beside it.
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
