using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>Which convolutions the kernels for photos can do, and which they should.</summary>
internal static class PhotoShapes
{
    // A filter's part of L2; and a sum no longer than float32 adds well in one go.
    private const int LargestDepth = 1024;

    // Half the rows of the largest tile.
    private const int ShortestLine = 7;
    private const int FewestPixels = 64;

    /// <summary>Whether the input is packed and its filters are small.</summary>
    public static bool Fits(in ConvolutionShape shape) => shape.Input.Pitch < MapShape.ChannelBlock && shape.Depth <= LargestDepth;

    /// <summary>Whether a row of the output, which no tile crosses the end of, is long enough to be cut into tiles.</summary>
    public static bool PaysForward(in ConvolutionShape shape) => shape.Output.W >= ShortestLine;

    /// <summary>Whether a row of a filter, which no tile of its gradient crosses the end of, is long enough, and an image has pixels enough to sum.</summary>
    public static bool PaysBackward(in ConvolutionShape shape) =>
        shape.Window.S * shape.Input.Pitch >= ShortestLine && shape.Output.H * shape.Output.W >= FewestPixels;
}
