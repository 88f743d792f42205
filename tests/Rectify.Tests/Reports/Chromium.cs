using System.Diagnostics;

namespace Rectify.Tests.Reports;

/// <summary>A browser without a window.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The program; null where there is none.</summary>
    public static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Opens a file and waits until it is drawn.</summary>
    /// <returns>The document as it is then, and what its console said.</returns>
    public static (string Document, string[] Console) Open(string path, string profile)
    {
        ProcessStartInfo start = new(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}", "--virtual-time-budget=20000", "--enable-logging=stderr", "--v=0",
                "--dump-dom", new Uri(path).AbsoluteUri,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string document = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (document, [.. errors.Result.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))]);
    }
}
