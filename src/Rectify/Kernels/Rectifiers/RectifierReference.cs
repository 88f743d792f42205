using System.Numerics;
using Rectify.Tensors;

namespace Rectify.Kernels.Rectifiers;

/// <summary>Rectifiers by their definition.</summary>
/// <typeparam name="T">What the operands are stored in: float or double.</typeparam>
internal static class RectifierReference<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>f(y) (equation 1).</summary>
    public static void Forward(MapShape map, Rectification rectification, ReadOnlySpan<T> y, ReadOnlySpan<T> slopes, Span<T> rectified)
    {
        for (int i = 0; i < map.Length; i++)
        {
            rectified[i] = y[i] <= T.Zero ? Negative(rectification, y[i], Slope(rectification, slopes, i % map.Pitch)) : y[i];
        }
    }

    /// <summary>dy, da, db (equations 2, 3); rewrites the gradient, adds to da and db.</summary>
    public static void Backward(MapShape map, Rectification rectification, ReadOnlySpan<T> y, ReadOnlySpan<T> slopes, Span<T> gradient, Span<T> da, Span<T> db)
    {
        double[] slopeSums = new double[map.Pitch];
        double[] biasSums = new double[map.Pitch];
        for (int i = 0; i < map.Length; i++)
        {
            int channel = i % map.Pitch;
            if (rectification != Rectification.None && y[i] <= T.Zero)
            {
                slopeSums[channel] += double.CreateChecked(gradient[i]) * double.CreateChecked(y[i]);
                gradient[i] = rectification == Rectification.Relu ? T.Zero : gradient[i] * Slope(rectification, slopes, channel);
            }

            biasSums[channel] += double.CreateChecked(gradient[i]);
        }

        for (int channel = 0; channel < map.Pitch; channel++)
        {
            if (!da.IsEmpty && da.Length > 1)
            {
                da[channel] += T.CreateTruncating(slopeSums[channel]);
            }

            if (!db.IsEmpty)
            {
                db[channel] += T.CreateTruncating(biasSums[channel]);
            }
        }

        if (da.Length == 1)
        {
            da[0] += T.CreateTruncating(slopeSums.Sum());
        }
    }

    private static T Slope(Rectification rectification, ReadOnlySpan<T> slopes, int channel) => rectification switch
    {
        Rectification.SharedSlope => slopes[0],
        Rectification.ChannelSlopes => slopes[channel],
        _ => T.Zero,
    };

    private static T Negative(Rectification rectification, T y, T slope) => rectification switch
    {
        Rectification.None => y,
        Rectification.Relu => T.Zero,
        _ => y * slope,
    };
}
