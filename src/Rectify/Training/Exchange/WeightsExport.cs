using Rectify.Data;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A trained network's weights for other programs, as one safetensors file.</summary>
public static class WeightsExport
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <remarks>
    /// With our names it is a checkpoint without position. With names of others it holds the parameters alone, so that a strict loader finds nothing surplus;
    /// <see cref="NetworkMetadata"/> says the rest: weights are as they were trained, for RGB 0..255 minus the mean.
    /// </remarks>
    /// <param name="path">Where.</param>
    /// <param name="trained">The network.</param>
    /// <param name="naming">Whose names and shapes.</param>
    /// <exception cref="UsageException">The network has no names in that naming.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, TrainedNetwork trained, TensorNaming naming)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (naming == TensorNaming.Rectify)
        {
            _ = Checkpoint.SaveWeights(path, trained.Network, trained.Mean, TrainingPosition.Start, NetworkMetadata.Of(trained, Preprocessing.InputScale));
            return;
        }

        SafetensorsWriter writer = new();
        foreach ((string key, string value) in NetworkMetadata.Of(trained, Preprocessing.InputScale))
        {
            writer.AddMetadata(key, value);
        }

        writer.AddMetadata("format", "pt");
        foreach (NamedTensor tensor in NamedTensor.Of(trained.Network, naming))
        {
            writer.Add(tensor.Name, tensor.Dimensions, file => tensor.Parameter.ToFile(tensor.Parameter.Values, file));
        }

        _ = SafetensorsChecksum.Write(path, writer);
    }
}
