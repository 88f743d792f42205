using System.CommandLine;
using Rectify.Onnx.Conversion;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>What a command must be told of an ONNX model beside its file.</summary>
internal sealed class OnnxModelOptions
{
    private readonly Option<string?> _input = new("--input") { Description = $"What an ONNX model takes: {InputScaling.Names} (default: what the file says).", HelpName = "NAME" };
    private readonly Option<string?> _mean = new("--mean") { Description = "Instead: red, green and blue that an ONNX model has subtracted, in 0..1.", HelpName = "R,G,B" };
    private readonly Option<string?> _std = new("--std") { Description = "And by which it then divides, in 0..1.", HelpName = "R,G,B" };
    private readonly Option<string?> _classes = new("--class-names")
    {
        Description = "An ONNX model's classes in the order of its outputs, one a line (default: what the file says, else those of the data).",
        HelpName = "FILE",
    };

    /// <summary>All of them: without a model they are refused.</summary>
    public IReadOnlyList<Option> All => [_input, _mean, _std, _classes];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    public OnnxNetworkOptions Read(ParseResult result, int? size)
    {
        (string? mean, string? std) = (result.GetValue(_mean), result.GetValue(_std));
        string? input = result.GetValue(_input);
        UsageException.Require((mean is null) == (std is null), $"--mean and --std belong together: give both.");
        UsageException.Require(input is null || mean is null, $"--input cannot be given with --mean and --std: they say the same.");
        UsageException.Require(size is null or >= 1 and <= 1 << 14, $"--size {size}: choose between 1 and {1 << 14}.");
        return new OnnxNetworkOptions
        {
            Size = size ?? 0,
            Input = mean is not null ? InputScaling.Of(NumberList.Colours("--mean", mean), NumberList.Colours("--std", std!))
                : input is not null ? InputScaling.Parse(input) : null,
            Classes = result.GetValue(_classes) is { } file ? Lines(file) : null,
        };
    }

    private static string[] Lines(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--class-names {path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
