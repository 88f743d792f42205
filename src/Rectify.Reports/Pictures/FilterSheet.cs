namespace Rectify.Reports;

/// <summary>The filters of a first convolution as a picture: each scaled for itself, so that its largest weight is black or white in its channel, and 0 is grey.</summary>
internal static class FilterSheet
{
    private const int PerRow = 16;
    private const int LeastSide = 36;
    private const int Gap = 4;

    /// <summary>A PNG with transparent gaps, and its size in pixels.</summary>
    public static (byte[] Png, int Width, int Height) Draw(FilterBank bank)
    {
        int scale = Math.Max(1, (LeastSide + bank.Columns - 1) / bank.Columns);
        (int across, int down) = (Math.Min(PerRow, bank.Count), (bank.Count + PerRow - 1) / PerRow);
        (int stepX, int stepY) = ((bank.Columns * scale) + Gap, (bank.Rows * scale) + Gap);
        (int width, int height) = ((across * stepX) - Gap, (down * stepY) - Gap);
        byte[] pixels = new byte[4 * width * height];
        for (int k = 0; k < bank.Count; k++)
        {
            float most = Largest(bank, k);
            for (int y = 0; y < bank.Rows * scale; y++)
            {
                for (int x = 0; x < bank.Columns * scale; x++)
                {
                    int at = 4 * ((((k / PerRow * stepY) + y) * width) + (k % PerRow * stepX) + x);
                    for (int c = 0; c < 3; c++)
                    {
                        pixels[at + c] = Level(bank.Values[Index(bank, k, c, y / scale, x / scale)], most);
                    }

                    pixels[at + 3] = byte.MaxValue;
                }
            }
        }

        return (PngEncoder.EncodeRgba(width, height, pixels), width, height);
    }

    private static byte Level(float value, float most) => (byte)Math.Round(127.5 + (most > 0 ? 127.5 * value / most : 0.0));

    private static float Largest(FilterBank bank, int k)
    {
        float most = 0f;
        foreach (float value in bank.Values.AsSpan(Index(bank, k, 0, 0, 0), 3 * bank.Rows * bank.Columns))
        {
            most = Math.Max(most, Math.Abs(value));
        }

        return most;
    }

    private static int Index(FilterBank bank, int k, int c, int r, int s) => (((((k * 3) + c) * bank.Rows) + r) * bank.Columns) + s;
}
