using System.CommandLine;
using Rectify.Models;

namespace Rectify.Cli;

/// <summary>Which network a benchmark draws: options that all of them share.</summary>
/// <param name="usual">The model if none is named.</param>
internal sealed class BenchModelOptions(string usual)
{
    public Option<string> Model { get; } = new("--model")
    {
        Description = $"One of {string.Join(", ", ModelCatalog.All.Select(m => m.Name))}.",
        DefaultValueFactory = _ => usual,
        HelpName = "NAME",
    };

    public Option<double> Width { get; } = new("--width") { Description = "Factor on all channels.", DefaultValueFactory = _ => 1.0, HelpName = "X" };

    public Option<int> Size { get; } = new("--size") { Description = "Crop in pixels.", DefaultValueFactory = _ => 224, HelpName = "N" };

    public Option<int> Classes { get; } = new("--classes") { Description = "Classes.", DefaultValueFactory = _ => 1000, HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Options.Add(Model);
        command.Options.Add(Width);
        command.Options.Add(Size);
        command.Options.Add(Classes);
    }

    /// <summary>The model's name, and how it is to be built.</summary>
    public (string Name, ModelOptions Options) Read(ParseResult result) => (
        result.GetValue(Model)!,
        new ModelOptions { Width = result.GetValue(Width), Crop = result.GetValue(Size), Classes = result.GetValue(Classes) });
}
