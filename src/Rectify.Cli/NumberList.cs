using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>Numbers with commas between them.</summary>
internal static class NumberList
{
    /// <summary>Reads them: each once, the least first.</summary>
    /// <typeparam name="T">What kind of numbers.</typeparam>
    /// <param name="option">The option's name.</param>
    /// <param name="text">What was written.</param>
    /// <param name="fits">Whether a number makes sense.</param>
    /// <param name="which">Which do: "from 1 to 1024".</param>
    /// <exception cref="UsageException">One is no number, or makes no sense.</exception>
    public static T[] Parse<T>(string option, string text, Func<T, bool> fits, string which)
        where T : struct, IParsable<T>
    {
        T?[] numbers = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => T.TryParse(part, CultureInfo.InvariantCulture, out T number) ? number : (T?)null)];
        UsageException.Require(numbers.All(number => number is { } n && fits(n)), $"{option} {text}: write numbers {which}, with commas between them.");
        return [.. numbers.Select(number => number!.Value).Distinct().Order()];
    }
}
