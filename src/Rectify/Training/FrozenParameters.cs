using System.IO.Enumeration;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Which parameters training leaves as they are.</summary>
public static class FrozenParameters
{
    /// <summary>The parameters that some names stand for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="patterns">Names of layers or parameters, with * and ?: "conv1" stands for all of that layer, its rectifier's slopes included, "conv2_*" for
    /// several layers, "*.slope" for all slopes.</param>
    /// <exception cref="UsageException">A name stands for nothing, or together they leave nothing to learn.</exception>
    public static IReadOnlySet<Parameter> Of(Network network, IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(patterns);
        HashSet<Parameter> frozen = [];
        foreach (string pattern in patterns)
        {
            Parameter[] meant = [.. network.Parameters.Where(parameter => Stands(pattern, parameter.Name))];
            if (meant.Length == 0)
            {
                string names = string.Join(", ", network.Parameters.OfType<Weight>().Select(weight => weight.Name[..weight.Name.LastIndexOf('.')]));
                throw new UsageException($"--freeze {pattern}: {network.Name} has no such layer or parameter; its layers are {names}.");
            }

            frozen.UnionWith(meant);
        }

        return frozen.Count < network.Parameters.Count
            ? frozen
            : throw new UsageException($"--freeze {string.Join(',', patterns)}: nothing would be learned; leave some layers out.");
    }

    // The whole name, or what stands before a dot or a slash: conv1 of conv1.rectifier.slope.
    private static bool Stands(string pattern, string name)
    {
        for (int end = name.Length; end > 0; end = name.AsSpan(0, end).LastIndexOfAny('.', '/'))
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name.AsSpan(0, end), ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}
