using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>What the layers so far make, beside what the graph has there.</summary>
/// <param name="Shape">The layers' map, of one picture.</param>
/// <param name="Flat">The graph has [N,C·H·W] for it.</param>
/// <param name="Averaged">The graph has its mean over H and W, which the next fully connected layer is to take over.</param>
internal readonly record struct MapState(MapShape Shape, bool Flat = false, bool Averaged = false)
{
    /// <summary>Numbers of a picture in the graph.</summary>
    public int Features => Averaged ? Shape.C : Shape.H * Shape.W * Shape.C;
}
