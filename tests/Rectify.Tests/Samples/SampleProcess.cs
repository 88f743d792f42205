using System.Diagnostics;

namespace Rectify.Tests.Samples;

/// <summary>A sample in a process of its own.</summary>
internal static class SampleProcess
{
    /// <summary>How to start it in a folder.</summary>
    public static ProcessStartInfo Of(string sample, string folder, params string[] arguments)
    {
        // Samples are built beside the tests: artifacts/bin/NAME/CONFIGURATION.
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(Repository.Root, "artifacts", "bin", sample, configuration, $"{sample}.dll");
        ProcessStartInfo start = new("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output, string Errors) Run(string sample, string folder, params string[] arguments)
    {
        using Process process = Process.Start(Of(sample, folder, arguments))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill();
            Assert.Fail($"{sample} hangs: {output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
