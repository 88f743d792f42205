using Rectify.Data;
using Rectify.Layers;

namespace Rectify.Onnx.Conversion;

/// <summary>A network that was a graph. Its input is RGB pixels 0..255 minus <paramref name="Mean"/>, divided by nothing, like that of all networks here.</summary>
/// <param name="Network">The network; the caller's to dispose.</param>
/// <param name="Mean">What is subtracted.</param>
public sealed record ConvertedNetwork(Network Network, MeanImage Mean);
