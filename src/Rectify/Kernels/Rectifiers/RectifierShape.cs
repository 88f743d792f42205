using Rectify.Tensors;

namespace Rectify.Kernels.Rectifiers;

/// <summary>A rectifier's work: f over all responses of a batch of maps.</summary>
/// <param name="Map">The responses.</param>
/// <param name="Rectification">f.</param>
internal readonly record struct RectifierShape(MapShape Map, Rectification Rectification)
{
    /// <summary>Floats that hold the slopes and their gradient: none, 1, or the maps' pitch.</summary>
    public int SlopeLength => Rectification switch
    {
        Rectification.SharedSlope => 1,
        Rectification.ChannelSlopes => Map.Pitch,
        _ => 0,
    };
}
