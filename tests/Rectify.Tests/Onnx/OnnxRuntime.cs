using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rectify.Tests.Data;

namespace Rectify.Tests.Onnx;

/// <summary>ONNX Runtime in Node.js: another program's opinion on a model.</summary>
internal static class OnnxRuntime
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Rectify.Tests", "Onnx", "node");

    /// <summary>Why it cannot be asked; null where it can.</summary>
    public static string? Missing => !Directory.Exists(Path.Combine(Folder, "node_modules", "onnxruntime-node"))
        ? "ONNX Runtime is not restored (eng/setup.sh)"
        : Node is null ? "Node.js is not on the PATH" : null;

    private static string? Node => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")).FirstOrDefault(File.Exists);

    /// <summary>Runs a model on inputs.</summary>
    /// <param name="model">The file.</param>
    /// <param name="inputs">Values and shape of each.</param>
    /// <returns>The outputs by name, of each input.</returns>
    public static IReadOnlyList<Dictionary<string, float[]>> Run(string model, params (float[] Values, int[] Shape)[] inputs)
    {
        using TemporaryFolder folder = new();
        string request = JsonSerializer.Serialize(inputs.Select((input, i) => new { file = Written(folder.At($"{i}.bin"), input.Values), shape = input.Shape }));
        File.WriteAllText(folder.At("request.json"), request);
        ProcessStartInfo start = new(Node!) { RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(Folder, "run.cjs"), model, folder.At("request.json"), folder.At("answer.json")])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        Assert.True(errors.Length == 0, $"ONNX Runtime warns: {errors}");
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllBytes(folder.At("answer.json")));
        return [.. answer.RootElement.EnumerateArray().Select(outputs => outputs.EnumerateObject().ToDictionary(
            output => output.Name, output => output.Value.GetProperty("values").EnumerateArray().Select(value => (float)value.GetDouble()).ToArray()))];
    }

    private static string Written(string path, float[] values)
    {
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return path;
    }
}
