using Rectify.Onnx.Messages;
using Rectify.Onnx.Operators;
using Rectify.Tensors;

namespace Rectify.Onnx.Graphs;

/// <summary>What must hold of a graph before it can run: operators that are known, names that are there once, nodes after what they read.</summary>
internal static class GraphCheck
{
    /// <summary>The standard operators' first version that is read.</summary>
    public const long FirstVersion = 1;

    /// <summary>The last.</summary>
    public const long LastVersion = 24;

    /// <exception cref="RectifyException">Something does not hold; one sentence about the first.</exception>
    public static void Run(OnnxModel model, string name)
    {
        if (model.StandardVersion is < FirstVersion or > LastVersion)
        {
            string found = model.StandardVersion == 0 ? "does not say which version of ONNX's operators it uses" : $"uses version {model.StandardVersion} of ONNX's operators";
            throw new RectifyException($"{name} {found}, and {FirstVersion} to {LastVersion} are read; export it with one of these (opset_version).");
        }

        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in model.Graph.Initializers)
        {
            Add(known, tensor.Name, name, "initializer");
        }

        HashSet<string> constants = [.. known];
        foreach (OnnxValue input in model.Graph.Inputs.Where(input => !constants.Contains(input.Name)))
        {
            Add(known, input.Name, name, "input");
        }

        CheckOperators(model, name);
        foreach (OnnxNode node in model.Graph.Nodes)
        {
            if (node.Inputs.FirstOrDefault(input => input.Length > 0 && !known.Contains(input)) is { } missing)
            {
                throw new RectifyException(
                    $"{name}: {node} reads '{missing}', which is no input, no initializer and made by no node before it; the file is damaged, or its nodes stand in a circle.");
            }

            foreach (string output in node.Outputs.Where(output => output.Length > 0))
            {
                Add(known, output, name, $"output of {node}");
            }
        }

        if (model.Graph.Outputs.FirstOrDefault(output => !known.Contains(output.Name)) is { } unmade)
        {
            throw new RectifyException($"{name}: nothing makes the output '{unmade.Name}'; the file is damaged.");
        }

        if (model.Graph.Outputs.GroupBy(output => output.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new RectifyException($"{name} lists the output '{twice.Key}' twice; the file is damaged.");
        }

        if (model.Graph.Outputs.Count == 0)
        {
            throw new RectifyException($"{name} has no outputs; export it anew.");
        }
    }

    private static void Add(HashSet<string> known, string value, string name, string what)
    {
        if (value.Length == 0 || !known.Add(value))
        {
            throw new RectifyException(value.Length == 0
                ? $"{name} has a value without a name ({what}); the file is damaged."
                : $"{name} has '{value}' twice, the second time as {what}; the file is damaged.");
        }
    }

    private static void CheckOperators(OnnxModel model, string name)
    {
        if (model.Graph.Nodes.FirstOrDefault(node => !OnnxOperatorSet.IsStandard(node.Domain) || OperatorTable.Find(node.Operator) is null) is { } foreign)
        {
            string whole = OnnxOperatorSet.IsStandard(foreign.Domain) ? foreign.Operator : $"{foreign.Domain}.{foreign.Operator}";
            throw new RectifyException($"{name}: {foreign}: the operator {whole} is not supported; those of docs/formats.md are.");
        }

        foreach (OnnxNode node in model.Graph.Nodes)
        {
            OperatorTable.Find(node.Operator)!.Check(node, name, model.StandardVersion);
        }
    }
}
