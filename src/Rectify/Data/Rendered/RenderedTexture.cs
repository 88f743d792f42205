using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>A surface of a built-in picture: two colours mixed by a grating, by value noise, or by both.</summary>
internal readonly struct RenderedTexture
{
    private readonly float _red, _green, _blue;
    private readonly float _redSwing, _greenSwing, _blueSwing;
    private readonly float _waveX, _waveY, _phase, _wave;
    private readonly float _cells;
    private readonly uint _key;

    /// <summary>Draws a texture around a colour.</summary>
    /// <param name="random">Where its frequency, direction and swing come from.</param>
    /// <param name="red">The middle of its red, 0..255.</param>
    /// <param name="green">The middle of its green.</param>
    /// <param name="blue">The middle of its blue.</param>
    public RenderedTexture(ref RandomStream random, float red, float green, float blue)
    {
        (_red, _green, _blue) = (red, green, blue);

        // Mostly a change of lightness, a little of hue.
        float swing = random.NextSingle(8f, 42f);
        _redSwing = swing + random.NextSingle(-12f, 12f);
        _greenSwing = swing + random.NextSingle(-12f, 12f);
        _blueSwing = swing + random.NextSingle(-12f, 12f);

        (float dx, float dy) = ShapeMath.Direction(random.NextSingle());
        float frequency = random.NextSingle(2f, 9f);
        (_waveX, _waveY, _phase) = (dx * frequency, dy * frequency, random.NextSingle());
        _wave = random.NextInt(3) * 0.5f;
        _cells = random.NextSingle(3f, 10f);
        _key = random.NextBits();
    }

    /// <summary>The colour at a point of the picture (0..1 in both directions).</summary>
    public (float Red, float Green, float Blue) At(float x, float y)
    {
        float t = 0f;
        if (_wave > 0f)
        {
            t = _wave * ShapeMath.Wave((x * _waveX) + (y * _waveY) + _phase);
        }

        if (_wave < 1f)
        {
            t += (1f - _wave) * Noise(x * _cells, y * _cells);
        }

        return (_red + (t * _redSwing), _green + (t * _greenSwing), _blue + (t * _blueSwing));
    }

    /// <summary>32 bits that look random for a position and a key.</summary>
    public static uint Hash(uint x, uint y, uint key)
    {
        uint h = key ^ (x * 0x9E3779B1u) ^ (y * 0x85EBCA77u);
        h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
        h = (h ^ (h >> 12)) * 0x297A2D39u;
        return h ^ (h >> 15);
    }

    // Value noise: random values −1..1 at the lattice, smoothly interpolated; x and y are not negative.
    private float Noise(float x, float y)
    {
        (uint ix, uint iy) = ((uint)x, (uint)y);
        (float fx, float fy) = (x - ix, y - iy);
        fx = fx * fx * (3f - (2f * fx));
        fy = fy * fy * (3f - (2f * fy));
        float a = Value(ix, iy), b = Value(ix + 1, iy), c = Value(ix, iy + 1), d = Value(ix + 1, iy + 1);
        float top = a + (fx * (b - a));
        return top + (fy * (c + (fx * (d - c)) - top));
    }

    private float Value(uint x, uint y) => ((Hash(x, y, _key) >> 8) * (2f / (1 << 24))) - 1f;
}
