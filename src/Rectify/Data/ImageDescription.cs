namespace Rectify.Data;

/// <summary>What a picture file's header says.</summary>
/// <param name="Format">"JPEG" or "PNG".</param>
/// <param name="Width">Pixels in a stored row, before the orientation is applied.</param>
/// <param name="Height">Stored rows.</param>
/// <param name="Color">"RGB", "grey", "CMYK" or "palette"; with "+alpha" where there is an alpha channel.</param>
/// <param name="BitDepth">Bits of a stored channel: 1 to 16.</param>
/// <param name="Orientation">EXIF's orientation, 1 to 8; 1 is upright, also where the file says nothing.</param>
public sealed record ImageDescription(string Format, int Width, int Height, string Color, int BitDepth, int Orientation);
