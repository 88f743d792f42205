using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Everything that one built-in picture shows, drawn from its stream before a pixel is computed; independent of the picture's
/// size.</summary>
/// <remarks>Coordinates run from 0 to 1 over the picture, y downwards.</remarks>
internal ref struct RenderedScene
{
    /// <summary>Space for the strokes that <see cref="RenderedScene"/> draws.</summary>
    public const int MaxStrokes = 7;

    private readonly int _shape;
    private readonly RenderedTexture _ground, _figure;
    private readonly Span<RenderedStroke> _strokes;
    private readonly int _behind;
    private readonly float _centerX, _centerY, _radius, _cos, _sin, _stretch;
    private readonly float _lightX, _lightY, _contrast, _brightness, _noise;
    private readonly uint _noiseKey;

    /// <summary>Draws a scene.</summary>
    /// <param name="shape">Index into <see cref="ShapeMath.Names"/>.</param>
    /// <param name="random">The picture's stream.</param>
    /// <param name="strokes">Space for <see cref="MaxStrokes"/> strokes.</param>
    public RenderedScene(int shape, RandomStream random, Span<RenderedStroke> strokes)
    {
        _shape = shape;
        (float r, float g, float b) = Colour(ref random);
        (float r2, float g2, float b2) = Contrasting(ref random, r, g, b);
        _ground = new RenderedTexture(ref random, r, g, b);
        _figure = new RenderedTexture(ref random, r2, g2, b2);

        _radius = random.NextSingle(0.27f, 0.40f);
        float play = 0.5f - (0.92f * _radius);
        (_centerX, _centerY) = (0.5f + random.NextSingle(-play, play), 0.5f + random.NextSingle(-play, play));
        (_cos, _sin) = ShapeMath.Direction(random.NextSingle());
        _stretch = random.NextSingle(0.87f, 1.15f);

        _behind = 2 + random.NextInt(4);
        int count = _behind + random.NextInt(3);
        for (int i = 0; i < count; i++)
        {
            (r, g, b) = Colour(ref random);
            strokes[i] = i < _behind ? RenderedStroke.Blob(ref random, r, g, b) : RenderedStroke.Hair(ref random, r, g, b);
        }

        _strokes = strokes[..count];
        (float lx, float ly) = ShapeMath.Direction(random.NextSingle());
        float light = random.NextSingle(0f, 0.7f);
        (_lightX, _lightY) = (lx * light, ly * light);
        _contrast = random.NextSingle(0.75f, 1.1f);
        _brightness = random.NextSingle(-22f, 22f);
        _noise = random.NextSingle(2f, 12f) / 128f;
        _noiseKey = random.NextBits();
    }

    /// <summary>Computes one row of the picture.</summary>
    /// <param name="row">The row, from the top.</param>
    /// <param name="size">Rows and columns of the picture.</param>
    /// <param name="pixels">[size,3] bytes, overwritten.</param>
    public readonly void Row(int row, int size, Span<byte> pixels)
    {
        float step = 1f / size;
        float y = (row + 0.5f) * step;
        float toPixels = _radius * size;
        for (int column = 0; column < size; column++)
        {
            float x = (column + 0.5f) * step;

            // Into the shape's own frame: turned, scaled, stretched.
            (float dx, float dy) = ((x - _centerX) / _radius, (_centerY - y) / _radius);
            float across = ((dx * _cos) + (dy * _sin)) * _stretch;
            float up = ((dy * _cos) - (dx * _sin)) / _stretch;
            float cover = Math.Clamp(0.5f - (ShapeMath.Distance(_shape, across, up) * toPixels), 0f, 1f);

            float red = 0f, green = 0f, blue = 0f;
            if (cover < 1f)
            {
                (red, green, blue) = _ground.At(x, y);
                Paint(_strokes[.._behind], x, y, size, ref red, ref green, ref blue);
            }

            if (cover > 0f)
            {
                (float r, float g, float b) = _figure.At(x, y);
                red += cover * (r - red);
                green += cover * (g - green);
                blue += cover * (b - blue);
            }

            Paint(_strokes[_behind..], x, y, size, ref red, ref green, ref blue);
            float gain = _contrast * (1f + ((x - 0.5f) * _lightX) + ((y - 0.5f) * _lightY));
            uint noise = RenderedTexture.Hash((uint)column, (uint)row, _noiseKey);
            pixels[3 * column] = ToByte(red, gain, noise & 255);
            pixels[(3 * column) + 1] = ToByte(green, gain, (noise >> 8) & 255);
            pixels[(3 * column) + 2] = ToByte(blue, gain, (noise >> 16) & 255);
        }
    }

    private static void Paint(ReadOnlySpan<RenderedStroke> strokes, float x, float y, int size, ref float red, ref float green, ref float blue)
    {
        foreach (ref readonly RenderedStroke stroke in strokes)
        {
            float cover = stroke.Cover(x, y, size);
            if (cover > 0f)
            {
                red += cover * (stroke.Red - red);
                green += cover * (stroke.Green - green);
                blue += cover * (stroke.Blue - blue);
            }
        }
    }

    private static (float Red, float Green, float Blue) Colour(ref RandomStream random) =>
        (random.NextSingle(25f, 230f), random.NextSingle(25f, 230f), random.NextSingle(25f, 230f));

    // A colour that a person tells from (r, g, b) even under both textures; lighter or darker at random.
    private static (float Red, float Green, float Blue) Contrasting(ref RandomStream random, float r, float g, float b)
    {
        for (int i = 0; i < 12; i++)
        {
            (float r2, float g2, float b2) = Colour(ref random);
            (float dr, float dg, float db) = (r2 - r, g2 - g, b2 - b);
            if ((dr * dr) + (dg * dg) + (db * db) > 115f * 115f)
            {
                return (r2, g2, b2);
            }
        }

        return (r < 128f ? r + 100f : r - 100f, g < 128f ? g + 100f : g - 100f, b < 128f ? b + 100f : b - 100f);
    }

    private readonly byte ToByte(float value, float gain, uint noise) =>
        (byte)Math.Clamp(128.5f + ((value - 128f) * gain) + _brightness + ((noise - 127.5f) * _noise), 0f, 255f);
}
