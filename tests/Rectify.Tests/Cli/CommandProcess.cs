using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rectify.Tests.Cli;

/// <summary>The command in a process of its own, to be killed or signalled.</summary>
internal sealed partial class CommandProcess : IDisposable
{
    /// <summary>SIGSTOP of the system that the tests run on.</summary>
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>SIGCONT.</summary>
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public CommandProcess(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath ?? "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
        {
            start.FileName = "dotnet";
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Rectify.Cli.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public string Output => _output.Result;

    public string Errors => _errors.Result;

    /// <summary>Ends it as kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends SIGTERM (15) or SIGINT (2).</summary>
    public void Signal(int signal) => Assert.True(TrySignal(signal));

    /// <summary>Sends a signal; false if the process has ended.</summary>
    public bool TrySignal(int signal) => Send(_process.Id, signal) == 0;

    public int Wait()
    {
        if (!_process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            _process.Kill();
            Assert.Fail($"The command hangs. {Errors}");
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Send(int process, int signal);
}
