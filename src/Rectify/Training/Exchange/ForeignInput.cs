using System.Globalization;
using Rectify.Data;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>What a network that was trained elsewhere takes in: (x/255 − mean)/std a channel, x being RGB 0..255.</summary>
/// <remarks>The same numbers come of 0..255 less 255·mean when the first filters are divided by 255·std: zeros of the padding mean the same before and after.</remarks>
/// <param name="Mean">Red, green, blue; in 0..1.</param>
/// <param name="Std">Red, green, blue; in 0..1.</param>
public sealed record ForeignInput(IReadOnlyList<double> Mean, IReadOnlyList<double> Std)
{
    private const double White = 255.0;
    private const int Colours = 3;

    /// <summary>What torchvision's and timm's weights for ImageNet take.</summary>
    public static ForeignInput ImageNet { get; } = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="UsageException">They are not three each, not finite, or a std is not positive.</exception>
    public void Validate()
    {
        UsageException.Require(
            Mean.Count == Colours && Mean.All(value => value is >= 0 and <= 1), $"--mean {Text(Mean)}: give red, green and blue between 0 and 1, as in {Text(ImageNet.Mean)}.");
        UsageException.Require(
            Std.Count == Colours && Std.All(value => value is > 0 and <= 1), $"--std {Text(Std)}: give red, green and blue above 0 and up to 1, as in {Text(ImageNet.Std)}.");
    }

    /// <summary>What is subtracted from 0..255 in its place.</summary>
    public MeanImage MeanFor(int size) => new(size, MeanKind.PerChannel, [.. Mean.Select(value => (float)(White * value))]);

    /// <summary>Divides the first filters by 255·std.</summary>
    /// <param name="first">Filters of a photo's three channels; changed.</param>
    public void Fold(Weight first)
    {
        ArgumentNullException.ThrowIfNull(first);
        float[] values = new float[first.Count];
        first.ToFile(first.Values, values);
        int taps = first.Dimensions[2] * first.Dimensions[3];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(values[i] / (White * Std[i / taps % Colours]));
        }

        first.FromFile(values, first.Values);
    }

    /// <inheritdoc/>
    public override string ToString() => $"(x/255 − [{Text(Mean)}])/[{Text(Std)}]";

    private static string Text(IReadOnlyList<double> values) => string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
