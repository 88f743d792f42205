using Rectify.Data;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>What a classifier answers with: a network and what belongs to it, wherever it comes from.</summary>
/// <param name="Network">The network.</param>
/// <param name="OwnsNetwork">Whether the network is disposed with the classifier.</param>
/// <param name="View">From a picture to the network's input.</param>
/// <param name="Classes">Names of the outputs, in their order.</param>
/// <param name="Origin">What to call it in a message: a file, or the network's name.</param>
/// <param name="Checkpoint">Which checkpoint of a run it is; null where it is of none.</param>
internal sealed record ClassifierSubject(
    Network Network, bool OwnsNetwork, SampleTransform View, IReadOnlyList<string> Classes, string Origin, string? Checkpoint = null) : IDisposable
{
    /// <summary>Refuses what cannot answer: parts that do not fit, and weights that are no numbers.</summary>
    /// <exception cref="RectifyException">A part does not fit, or a weight is not finite.</exception>
    public void Check()
    {
        MapShape input = Network.Input, output = Network.Output;
        if (input.C != 3 || input.H != View.Size || input.W != View.Size)
        {
            throw new RectifyException(
                $"{Origin}: the network takes {input.H}×{input.W} pixels of {input.C} channels, and pictures are made to {View.Size}×{View.Size} of 3; "
                + "give a view of that size.");
        }

        if (output.H != 1 || output.W != 1 || output.C != Classes.Count)
        {
            throw new RectifyException($"{Origin}: the network's output is {output.H}×{output.W}×{output.C}, and {Classes.Count} classes are named; name one for each output.");
        }

        // A rectifier may hide a weight that is not a number: so the weights are looked at, and the scores besides, for finite weights may overflow.
        foreach (Parameter parameter in Network.Parameters)
        {
            foreach (float value in parameter.Values)
            {
                if (!float.IsFinite(value))
                {
                    throw new RectifyException(
                        $"{Origin}: '{parameter.Name}' holds the value {value}; choose another checkpoint, or train again with a smaller --lr.");
                }
            }
        }
    }

    /// <summary>Frees the network if it is owned.</summary>
    public void Dispose()
    {
        if (OwnsNetwork)
        {
            Network.Dispose();
        }
    }
}
