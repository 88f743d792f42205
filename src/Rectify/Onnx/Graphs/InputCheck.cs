using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Graphs;

/// <summary>What goes into a graph beside what it wants: names, kinds, sizes; an axis of the same name has the same size everywhere.</summary>
internal static class InputCheck
{
    public static void Run(string model, IReadOnlyList<OnnxValue> wanted, IReadOnlyDictionary<string, GraphValue> given)
    {
        string list = string.Join("; ", wanted);
        if (wanted.FirstOrDefault(input => !given.ContainsKey(input.Name)) is { } missing)
        {
            throw new UsageException($"{model}: the input '{missing.Name}' is missing; it takes {list}.");
        }

        if (given.Keys.FirstOrDefault(name => wanted.All(input => input.Name != name)) is { } surplus)
        {
            throw new UsageException($"{model} has no input '{surplus}'; it takes {list}.");
        }

        Dictionary<string, int> symbols = new(StringComparer.Ordinal);
        foreach (OnnxValue input in wanted)
        {
            GraphValue value = given[input.Name];
            bool kindFits = input.Element == OnnxElement.Undefined || (OnnxElements.IsFloat(input.Element) ? value.IsFloat : !value.IsFloat);
            if (!kindFits || (input.Dimensions is not null && !Fits(input.Dimensions, value.Shape, symbols)))
            {
                throw new RectifyException($"{model}: the input '{input.Name}' is {value}, and the model takes {list}; give it another shape or kind.");
            }
        }
    }

    private static bool Fits(IReadOnlyList<OnnxDimension> wanted, int[] shape, Dictionary<string, int> symbols)
    {
        if (wanted.Count != shape.Length)
        {
            return false;
        }

        for (int i = 0; i < shape.Length; i++)
        {
            if (wanted[i].Size is { } size)
            {
                if (size != shape[i])
                {
                    return false;
                }
            }
            else if (wanted[i].Symbol.Length > 0 && !symbols.TryAdd(wanted[i].Symbol, shape[i]) && symbols[wanted[i].Symbol] != shape[i])
            {
                return false;
            }
        }

        return true;
    }
}
