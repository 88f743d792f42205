using Rectify.Data;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A network with weights that another program has trained.</summary>
/// <param name="Recipe">Model, width, crop, rectifiers and classes; how it was trained is not known.</param>
/// <param name="Network">The network.</param>
/// <param name="Mean">What is subtracted from its input.</param>
/// <param name="Naming">Whose names the file has.</param>
/// <param name="Tensors">How many tensors were read.</param>
/// <param name="Folded">The preprocessing that was folded into the first filters and the mean; null where there was none.</param>
public sealed record ImportedWeights(Recipe Recipe, Network Network, MeanImage Mean, TensorNaming Naming, int Tensors, ForeignInput? Folded) : IDisposable
{
    /// <summary>Makes a run of it: recipe and checkpoint "best", as evaluate, predict, diagnose and train --from take them.</summary>
    /// <param name="run">A name or a path; null for the next free MODEL-N under runs/.</param>
    /// <exception cref="RectifyException">There is such a run already, or the folder cannot be made.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public RunFolder Save(string? run) => new TrainedNetwork(Recipe, Network, Mean, CheckpointFolder.Best).Save(run);

    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();
}
