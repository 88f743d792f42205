using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>A file that a verb is to write. Looked at before the work is done whose result it takes.</summary>
internal static class OutputFile
{
    /// <summary>Makes its folder where there is none.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file.</param>
    /// <returns>Its whole path.</returns>
    /// <exception cref="UsageException">It is a folder, or no name.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static string Prepare(string option, string path)
    {
        UsageException.Require(
            !string.IsNullOrWhiteSpace(path) && !path.Contains('\0', StringComparison.Ordinal) && Path.GetFileName(path).Length > 0 && !Directory.Exists(path),
            $"{option} '{path}': name a file.");
        string whole = Path.GetFullPath(path);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        return whole;
    }
}
