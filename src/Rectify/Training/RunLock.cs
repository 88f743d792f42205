using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Keeps a second process from training in the same folder. The system lets go of it when the process ends, however it ends.</summary>
public sealed class RunLock : IDisposable
{
    internal const string Name = ".lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

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
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
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

    /// <summary>Lets go.</summary>
    public void Dispose() => _file.Dispose();
}
