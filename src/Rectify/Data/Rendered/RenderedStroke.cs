using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Clutter in a built-in picture: a thick or thin line with round ends, in one colour.</summary>
internal readonly struct RenderedStroke
{
    private readonly float _x0, _y0, _x1, _y1, _radius;

    private RenderedStroke(float x0, float y0, float x1, float y1, float radius, float red, float green, float blue)
    {
        (_x0, _y0, _x1, _y1, _radius) = (x0, y0, x1, y1, radius);
        (Red, Green, Blue) = (red, green, blue);
    }

    /// <summary>Red, 0..255.</summary>
    public float Red { get; }

    /// <summary>Green, 0..255.</summary>
    public float Green { get; }

    /// <summary>Blue, 0..255.</summary>
    public float Blue { get; }

    /// <summary>Something small behind the figure.</summary>
    public static RenderedStroke Blob(ref RandomStream random, float red, float green, float blue) =>
        Draw(ref random, random.NextSingle(0f, 0.2f), random.NextSingle(0.03f, 0.09f), red, green, blue);

    /// <summary>Something thin in front of the figure.</summary>
    public static RenderedStroke Hair(ref RandomStream random, float red, float green, float blue) =>
        Draw(ref random, random.NextSingle(0.2f, 0.6f), random.NextSingle(0.012f, 0.02f), red, green, blue);

    /// <summary>How much of a pixel the stroke covers, 0..1.</summary>
    /// <param name="x">The pixel's middle, 0..1.</param>
    /// <param name="y">The pixel's middle, 0..1.</param>
    /// <param name="size">Pixels in a row of the picture.</param>
    public float Cover(float x, float y, int size) =>
        Math.Clamp(0.5f - ((ShapeMath.Segment(x, y, _x0, _y0, _x1, _y1) - _radius) * size), 0f, 1f);

    private static RenderedStroke Draw(ref RandomStream random, float length, float radius, float red, float green, float blue)
    {
        (float dx, float dy) = ShapeMath.Direction(random.NextSingle());
        (float x, float y) = (random.NextSingle(), random.NextSingle());
        return new RenderedStroke(x, y, x + (length * dx), y + (length * dy), radius, red, green, blue);
    }
}
