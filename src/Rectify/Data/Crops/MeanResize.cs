namespace Rectify.Data;

/// <summary>The mean image at another size: what is subtracted where a net runs on a whole photo.</summary>
/// <remarks>Bilinear between the centres of pixels, held constant beyond the outermost ones. At its own size it is itself to the bit, and one mean a channel stays
/// that at every size.</remarks>
internal static class MeanResize
{
    /// <summary>Overwrites [height,width,3].</summary>
    public static void Run(MeanImage mean, int width, int height, Span<float> destination)
    {
        int size = mean.Size;
        float[] between = new float[3 * size];
        (int[] columns, float[] shares) = Places(width, size);
        for (int row = 0; row < height; row++)
        {
            (int first, int second, float share) = Place(row, height, size);
            ReadOnlySpan<float> upper = mean.Values.Slice(3 * size * first, 3 * size), lower = mean.Values.Slice(3 * size * second, 3 * size);
            for (int i = 0; i < between.Length; i++)
            {
                between[i] = upper[i] + (share * (lower[i] - upper[i]));
            }

            Span<float> to = destination.Slice(3 * width * row, 3 * width);
            for (int column = 0; column < width; column++)
            {
                int left = 3 * columns[column], right = left + (columns[column] + 1 < size ? 3 : 0);
                for (int c = 0; c < 3; c++)
                {
                    to[(3 * column) + c] = between[left + c] + (shares[column] * (between[right + c] - between[left + c]));
                }
            }
        }
    }

    private static (int[] First, float[] Share) Places(int length, int size)
    {
        int[] first = new int[length];
        float[] share = new float[length];
        for (int i = 0; i < length; i++)
        {
            (first[i], _, share[i]) = Place(i, length, size);
        }

        return (first, share);
    }

    private static (int First, int Second, float Share) Place(int at, int length, int size)
    {
        double place = Math.Clamp(((at + 0.5) * size / length) - 0.5, 0, size - 1);
        int first = (int)place;
        return (first, Math.Min(first + 1, size - 1), (float)(place - first));
    }
}
