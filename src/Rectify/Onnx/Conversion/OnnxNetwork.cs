using System.Globalization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Onnx.Export;
using Rectify.Onnx.Messages;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Onnx.Conversion;

/// <summary>A model's file as a network with all that belongs to it, as if a run had made it.</summary>
public static class OnnxNetwork
{
    /// <summary>What stands for the checkpoint's name.</summary>
    public const string Checkpoint = "onnx";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it may not say.</param>
    /// <param name="context">Threads and vector width, for one run.</param>
    /// <exception cref="UsageException">Nothing says what the input is, or how large; the classes that are given are too few or too many, or one is named twice.</exception>
    /// <exception cref="RectifyException">The file cannot be read or names a class twice, or its graph is not converted; one sentence names the node.</exception>
    public static TrainedNetwork Load(string path, OnnxNetworkOptions options, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        OnnxModel model = OnnxFile.Read(path);
        ConvertedNetwork converted = NetworkConverter.Convert(model, path, InputOf(model, path, options), SizeOf(model, options), context);
        try
        {
            int outputs = converted.Network.Output.C;
            IReadOnlyList<string> classes = options.Classes
                ?? NetworkMetadata.ClassesOf(path, model.Metadata)
                ?? Numbers(outputs);
            if (classes.Count != outputs)
            {
                throw new UsageException($"{path} has {outputs} outputs and {classes.Count} names of classes; name them all, in their order, with --class-names.");
            }

            if (classes.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: var twice })
            {
                throw options.Classes is null
                    ? new RectifyException($"{path}: its metadata '{NetworkMetadata.Classes}' names the class '{twice}' twice; name the classes with --class-names.")
                    : new UsageException($"The class '{twice}' is named twice among those for {path}; name each once, in the order of the outputs.");
            }

            Recipe recipe = new() { Model = Path.GetFileName(path), Size = converted.Network.Input.H, Classes = classes, Data = "", Activation = ActivationOf(converted.Network) };
            return new TrainedNetwork(recipe, converted.Network, converted.Mean, Checkpoint);
        }
        catch
        {
            converted.Network.Dispose();
            throw;
        }
    }

    /// <summary>What classes are called that nobody has named: 0, 1, 2, …</summary>
    public static IReadOnlyList<string> Numbers(int count) => [.. Enumerable.Range(0, count).Select(k => k.ToString(CultureInfo.InvariantCulture))];

    private static InputScaling InputOf(OnnxModel model, string path, OnnxNetworkOptions options)
    {
        bool says = model.Metadata.GetValueOrDefault(NetworkMetadata.Input) == OnnxExport.Input;
        UsageException.Require(says || options.Input is not null, $"{path} does not say what its input is; say it with --input {InputScaling.Names}, or with --mean and --std.");
        UsageException.Require(!says || options.Input is null, $"{path} says itself what its input is ({OnnxExport.Input}); leave --input, --mean and --std out.");
        return options.Input ?? InputScaling.Pixels;
    }

    private static int SizeOf(OnnxModel model, OnnxNetworkOptions options) =>
        options.Size == 0 && int.TryParse(model.Metadata.GetValueOrDefault(NetworkMetadata.Crop), NumberStyles.None, CultureInfo.InvariantCulture, out int crop)
            ? crop
            : options.Size;

    private static string ActivationOf(Network network) => ActivationNames.NameOf(network.Nodes.Select(node => node.Layer).OfType<Rectifier>().FirstOrDefault() switch
    {
        PReLU { Slope.Shared: true } => ActivationKind.PReLUShared,
        PReLU => ActivationKind.PReLU,
        LeakyReLU => ActivationKind.Leaky,
        _ => ActivationKind.ReLU,
    });
}
