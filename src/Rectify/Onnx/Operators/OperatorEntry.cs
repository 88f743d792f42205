using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Operators;

/// <summary>An operator: how many inputs it takes, which settings it has, and what computes it.</summary>
/// <param name="Name">Its name in ONNX.</param>
/// <param name="FirstVersion">The first version of ONNX's operators with the same meaning, or one that is told apart here.</param>
/// <param name="FewestInputs">Inputs that must be there.</param>
/// <param name="MostInputs">Inputs that may be there.</param>
/// <param name="Attributes">Names of its settings in all versions that are read.</param>
/// <param name="Run">From a call to its outputs, as many as the operator can make.</param>
internal sealed record OperatorEntry(string Name, int FirstVersion, int FewestInputs, int MostInputs, string[] Attributes, Func<OperatorCall, GraphValue[]> Run)
{
    /// <exception cref="RectifyException">The node has too few or too many inputs, no output, or a setting that the operator does not have; or the version is too old.</exception>
    public void Check(OnnxNode node, string model, long version)
    {
        if (version < FirstVersion)
        {
            throw new RectifyException(
                $"{model}: {node}: {Name} is read from version {FirstVersion} of ONNX's operators on, and the model uses {version}; export it with a later one (opset_version).");
        }

        int last = node.Inputs.Count;
        while (last > 0 && node.Inputs[last - 1].Length == 0)
        {
            last--;
        }

        if (last > MostInputs || last < FewestInputs || node.Inputs.Take(FewestInputs).Any(input => input.Length == 0))
        {
            string wanted = FewestInputs == MostInputs ? $"{FewestInputs}" : MostInputs == int.MaxValue ? $"{FewestInputs} or more" : $"{FewestInputs} to {MostInputs}";
            throw new RectifyException($"{model}: {node} has {last} inputs, and {Name} takes {wanted}; the file is damaged.");
        }

        if (node.Outputs.Count == 0 || node.Outputs[0].Length == 0)
        {
            throw new RectifyException($"{model}: {node} makes no output; the file is damaged.");
        }

        if (node.Attributes.FirstOrDefault(attribute => !Attributes.Contains(attribute.Name)) is { } unknown)
        {
            throw new RectifyException($"{model}: {node}: the attribute '{unknown.Name}' of {Name} is not supported.");
        }

        if (node.Attributes.GroupBy(attribute => attribute.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new RectifyException($"{model}: {node} has the attribute '{twice.Key}' twice; the file is damaged.");
        }
    }
}
