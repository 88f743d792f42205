using System.ComponentModel;
using System.Diagnostics;
using Rectify.Tensors;

namespace Rectify.Reports;

/// <summary>Restores the packages of package-lock.json with npm, in a folder that is gone afterwards. No package's own scripts are run.</summary>
internal static class NpmRestore
{
    private const string Remedy = "install Node.js 20 or later (https://nodejs.org), or print the report in the terminal: --text";

    /// <summary>Restores.</summary>
    /// <param name="use">What to do with node_modules.</param>
    /// <param name="npm">The program.</param>
    /// <exception cref="RectifyException">There is no npm, or it failed.</exception>
    public static void Run(Action<string> use, string npm = "npm")
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rectify-npm");
        try
        {
            foreach (string name in new[] { "package.json", "package-lock.json" })
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), Embedded.Text(name));
            }

            (int code, string errors) = Npm(folder.FullName, npm);
            string modules = Path.Combine(folder.FullName, "node_modules");
            if (code != 0 || !Directory.Exists(modules))
            {
                throw new RectifyException(
                    $"npm could not restore the scripts of the charts ({Reason(errors)}); connect to a network, or print the report in the terminal: --text");
            }

            use(modules);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Code, string Errors) Npm(string folder, string program)
    {
        bool windows = OperatingSystem.IsWindows();
        ProcessStartInfo start = new(windows ? "cmd.exe" : program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[.. windows ? new[] { "/c", program } : [], "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process npm = Process.Start(start)!;
            Task<string> output = npm.StandardOutput.ReadToEndAsync();
            string errors = npm.StandardError.ReadToEnd();
            npm.WaitForExit();
            return (npm.ExitCode, errors + output.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw new RectifyException($"The charts of a report are drawn by scripts that npm restores, and npm is not on the PATH; {Remedy}", e);
        }
    }

    private static string Reason(string errors) =>
        errors.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? "it gives no reason";
}
