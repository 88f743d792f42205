using System.Text.RegularExpressions;

namespace Rectify.Evaluation;

/// <summary>What a trained person reaches on ImageNet 2012.</summary>
/// <remarks>
/// Russakovsky et al., <i>ImageNet Large Scale Visual Recognition Challenge</i>: one annotator, 1,500 images of the test set. The number says nothing about other images, so it
/// belongs beside results on ImageNet's thousand classes alone.
/// </remarks>
public static partial class HumanError
{
    /// <summary>Top-5 error in percent.</summary>
    public const double Top5Percent = 5.1;

    private const int ClassesOfImageNet = 1000;

    /// <summary>Whether classes are ImageNet 2012's: a thousand, each named by its WordNet id, as in n01440764.</summary>
    public static bool Applies(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return classes.Count == ClassesOfImageNet && classes.All(name => WordNetId().IsMatch(name));
    }

    [GeneratedRegex("^n[0-9]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex WordNetId();
}
