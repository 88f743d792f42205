using System.CommandLine;
using System.Globalization;
using Rectify.Formats;
using Rectify.Kernels;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>rectify run.</summary>
internal static class RunCommand
{
    private const string Help =
        """
        Runs an ONNX model on arrays, as ONNX's specification says; docs/formats.md lists the operators.

        Example: rectify run net.onnx --input image=x.npy --output scores=y.npy
        Example: rectify run net.onnx --input x.npy      (one input: its name may be left out)
        Arrays are NumPy's .npy files. Without --output the outputs are described and nothing is written.
        """;

    public static Command Create()
    {
        Argument<string> file = new("model") { Description = "The ONNX file.", HelpName = "FILE" };
        Option<string[]> inputs = new("--input") { Description = "An input: its name and its array; once for each.", HelpName = "NAME=FILE" };
        Option<string[]> outputs = new("--output") { Description = "An output to write; once for each.", HelpName = "NAME=FILE" };
        EngineOptions engine = new();
        Command command = new("run", Help) { file, inputs, outputs };
        engine.AddTo(command);
        command.SetAction(result =>
        {
            TextWriter people = result.InvocationConfiguration.Output;
            OnnxProgram program = OnnxProgram.Load(result.GetValue(file)!);
            Dictionary<string, string> targets = Pairs(result.GetValue(outputs) ?? [], "--output", program.Outputs);
            if (targets.Keys.FirstOrDefault(name => program.Outputs.All(output => output.Name != name)) is { } unknown)
            {
                throw new UsageException($"--output: {program.Name} has no output '{unknown}'; it has {string.Join("; ", program.Outputs)}.");
            }

            Dictionary<string, GraphValue> given = Pairs(result.GetValue(inputs) ?? [], "--input", program.Inputs)
                .ToDictionary(pair => pair.Key, pair => Read(pair.Value), StringComparer.Ordinal);
            KernelContext context = engine.Open(result);
            using (context.Workers)
            {
                foreach ((string name, GraphValue value) in program.Run(given, context))
                {
                    people.WriteLine(Describe(name, value));
                    if (targets.TryGetValue(name, out string? path))
                    {
                        NpyFile.Write(path, value.IsFloat ? NpyArray.Of(value.Singles, value.Dimensions) : NpyArray.Of(value.Wholes, value.Dimensions));
                        people.WriteLine($"written: {path}");
                    }
                }
            }
        });
        return command;
    }

    // NAME=FILE; where there is one, FILE alone.
    private static Dictionary<string, string> Pairs(string[] given, string option, IReadOnlyList<OnnxValue> values)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int at = text.IndexOf('=', StringComparison.Ordinal);
            UsageException.Require(at > 0 || (at < 0 && values.Count == 1), $"{option} {text}: write NAME=FILE, NAME being one of {string.Join("; ", values)}.");
            string name = at > 0 ? text[..at] : values[0].Name;
            UsageException.Require(pairs.TryAdd(name, text[(at + 1)..]), $"{option} {text}: '{name}' is given twice.");
        }

        return pairs;
    }

    private static GraphValue Read(string path)
    {
        NpyArray array = NpyFile.Read(path);
        OnnxElement element = array.Element switch
        {
            NpyElement.I4 => OnnxElement.I32,
            NpyElement.U1 => OnnxElement.U8,
            NpyElement.B1 => OnnxElement.Truth,
            _ => OnnxElement.I64,
        };
        return array.IsFloatingPoint ? GraphValue.Of(array.Dimensions, array.ToFloats()) : GraphValue.Of(array.Dimensions, array.ToIntegers(), element);
    }

    private static string Describe(string name, GraphValue value)
    {
        const int Shown = 8;
        string[] numbers = value.IsFloat
            ? [.. value.Singles[..Math.Min(Shown, value.Count)].ToArray().Select(number => number.ToString("G6", CultureInfo.InvariantCulture))]
            : [.. value.Wholes[..Math.Min(Shown, value.Count)].ToArray().Select(number => number.ToString(CultureInfo.InvariantCulture))];
        return $"{name} {value}: {string.Join(' ', numbers)}{(value.Count > Shown ? " …" : "")}";
    }
}
