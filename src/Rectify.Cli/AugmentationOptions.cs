using System.CommandLine;
using System.Globalization;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>How training pictures are varied, and what is subtracted from them.</summary>
internal sealed class AugmentationOptions
{
    private const string PerPixel = "per-pixel";
    private const string PerChannel = "per-channel";

    private readonly Option<string?> _scale = new("--scale")
    {
        Description = "Shorter sides between which pictures are resized at random before the crop, or one number (default: 256/224 to 512/224 of the crop; small crops: none).",
        HelpName = "MIN,MAX",
    };

    private readonly Option<double?> _colour = new("--colour")
    {
        Description = "Random colour altering: shifts along the principal components of the colours, in standard deviations (default 0: none; the paper's is 0.1).",
        HelpName = "SIGMA",
    };

    private readonly Option<string?> _mean = new("--mean")
    {
        Description = $"What is subtracted: {PerPixel} (a mean image, default) or {PerChannel}.",
        HelpName = "KIND",
    };

    public Option[] All => [_scale, _colour, _mean];

    /// <summary>A recipe's values with those that were given in their place.</summary>
    /// <exception cref="UsageException">A value cannot be read.</exception>
    public (Augmentation Augmentation, string Mean) Read(ParseResult result, Augmentation recipe, string mean)
    {
        if (result.GetValue(_scale) is { } scale)
        {
            (int min, int max) = Scales(scale);
            recipe = recipe with { ScaleMin = min, ScaleMax = max };
        }

        recipe = recipe with { ColourSigma = result.GetValue(_colour) ?? recipe.ColourSigma };
        mean = result.GetValue(_mean) ?? mean;
        return mean is PerPixel or PerChannel ? (recipe, mean) : throw new UsageException($"--mean {mean}: choose {PerPixel} or {PerChannel}.");
    }

    private static (int Min, int Max) Scales(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length is 1 or 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int min)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int max) && min > 0
            ? (min, max)
            : throw new UsageException($"--scale {text}: write two whole numbers of pixels with a comma between them, such as 256,512, or one.");
    }
}
