namespace Rectify.Data;

/// <summary>Signed distances to the ten shapes of the built-in pictures: below 0 inside, in units of the shape's radius.</summary>
/// <remarks>
/// Distances are exact or a lower bound near the outline, which is all that an edge one pixel wide needs. Every operation is one that IEEE 754 rounds
/// correctly (no sine, no exponential), so the pictures have the same bits on every machine.
/// </remarks>
internal static class ShapeMath
{
    /// <summary>Names of the shapes, in the order of their labels.</summary>
    public static readonly string[] Names = ["disc", "ring", "square", "triangle", "cross", "star", "bars", "crescent", "arrow", "heart"];

    /// <summary>The distance of a point from the outline of a shape of about unit radius around the origin.</summary>
    /// <param name="shape">Index into <see cref="Names"/>.</param>
    /// <param name="x">To the right.</param>
    /// <param name="y">Upwards.</param>
    public static float Distance(int shape, float x, float y) => shape switch
    {
        0 => Length(x, y) - 0.85f,
        1 => MathF.Abs(Length(x, y) - 0.74f) - 0.2f,
        2 => Box(x, y, 0.74f, 0.74f),
        3 => MathF.Max((MathF.Abs(x) * 0.8660254f) + (y * 0.5f), -y) - 0.52f,
        4 => MathF.Min(Box(x, y, 0.95f, 0.27f), Box(x, y, 0.27f, 0.95f)),
        5 => Star(x, y),
        6 => Box(x, y - (0.62f * Math.Clamp(MathF.Round(y / 0.62f), -1f, 1f)), 0.9f, 0.18f),
        7 => MathF.Max(Length(x, y) - 0.95f, 0.75f - Length(x - 0.5f, y)),
        8 => Arrow(x, MathF.Abs(y)),
        _ => Heart(MathF.Abs(x), y),
    };

    /// <summary>A wave of period 1 and range −1..1, made of two parabolas: a sine for those who can see, and the same bits everywhere.</summary>
    public static float Wave(float cycles)
    {
        float t = cycles - MathF.Floor(cycles);
        return t < 0.5f ? 16f * t * (0.5f - t) : -16f * (t - 0.5f) * (1f - t);
    }

    /// <summary>The unit vector at about <paramref name="turns"/> · 2π.</summary>
    public static (float X, float Y) Direction(float turns)
    {
        (float x, float y) = (Wave(turns + 0.25f), Wave(turns));
        float length = Length(x, y);
        return (x / length, y / length);
    }

    /// <summary>The distance from the segment between two points.</summary>
    public static float Segment(float x, float y, float x0, float y0, float x1, float y1)
    {
        (float dx, float dy) = (x1 - x0, y1 - y0);
        float along = Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / ((dx * dx) + (dy * dy) + 1e-12f), 0f, 1f);
        return Length(x - x0 - (along * dx), y - y0 - (along * dy));
    }

    private static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));

    private static float Box(float x, float y, float halfWidth, float halfHeight)
    {
        (float dx, float dy) = (MathF.Abs(x) - halfWidth, MathF.Abs(y) - halfHeight);
        return MathF.Max(dx, dy) <= 0f ? MathF.Max(dx, dy) : Length(MathF.Max(dx, 0f), MathF.Max(dy, 0f));
    }

    // A shaft and a head whose tip lies at (1, 0); y is folded.
    private static float Arrow(float x, float y)
    {
        float shaft = Box(x + 0.4f, y, 0.55f, 0.19f);
        float head = MathF.Max(0.05f - x, ((x - 1f) * 0.6402f) + (y * 0.7682f));
        return MathF.Min(shaft, head);
    }

    // Five points: two reflections fold the plane onto half a point, whose outline is one segment.
    private static float Star(float x, float y)
    {
        const float C = 0.80901699f, S = 0.58778525f, Inner = 0.42f;
        x = MathF.Abs(x);
        float fold = 2f * MathF.Max((C * x) - (S * y), 0f);
        (x, y) = (x - (fold * C), y + (fold * S));
        fold = 2f * MathF.Max((-C * x) - (S * y), 0f);
        (x, y) = (MathF.Abs(x + (fold * C)), y + (fold * S) - 1f);
        (float bx, float by) = (Inner * S, (Inner * C) - 1f);
        float along = Math.Clamp(((x * bx) + (y * by)) / ((bx * bx) + (by * by)), 0f, 1f);
        float distance = Length(x - (bx * along), y - (by * along));
        return (y * bx) - (x * by) < 0f ? -distance : distance;
    }

    // Two arcs over a corner (x is folded); drawn from 0 to 1.1 and here moved and scaled about its middle.
    private static float Heart(float x, float y)
    {
        const float Scale = 0.62f;
        (x, y) = (x * Scale, (y * Scale) + 0.55f);
        if (x + y > 1f)
        {
            return (Length(x - 0.25f, y - 0.75f) - 0.35355339f) / Scale;
        }

        float half = 0.5f * MathF.Max(x + y, 0f);
        float distance = MathF.Min(Length(x, y - 1f), Length(x - half, y - half)) / Scale;
        return x < y ? -distance : distance;
    }
}
