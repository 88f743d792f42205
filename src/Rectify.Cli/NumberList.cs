using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>Numbers with commas between them.</summary>
internal static class NumberList
{
    /// <summary>Reads them, in their order.</summary>
    /// <typeparam name="T">What kind of numbers.</typeparam>
    /// <param name="option">The option's name.</param>
    /// <param name="text">What was written.</param>
    /// <param name="fits">Whether a number makes sense.</param>
    /// <param name="what">What to write: "numbers from 1 to 8 with commas between them".</param>
    /// <exception cref="UsageException">One is no number, or makes no sense.</exception>
    public static T[] Parse<T>(string option, string text, Func<T, bool> fits, string what)
        where T : struct, IParsable<T> =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part =>
            !T.TryParse(part, CultureInfo.InvariantCulture, out T number) ? throw new UsageException($"{option} {text}: '{part}' is no number; write {what}.")
            : fits(number) ? number
            : throw new UsageException($"{option} {text}: {part} does not fit; write {what}."))];

    /// <summary>Reads them: each once, the least first.</summary>
    /// <inheritdoc cref="Parse"/>
    public static T[] Ascending<T>(string option, string text, Func<T, bool> fits, string what)
        where T : struct, IParsable<T> => [.. Parse(option, text, fits, what).Distinct().Order()];

    /// <summary>Reads red, green and blue.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="text">What was written.</param>
    /// <exception cref="UsageException">These are not three numbers.</exception>
    public static double[] Colours(string option, string text)
    {
        const string What = "red, green and blue in 0..1 with commas between them, as in 0.485,0.456,0.406";
        double[] colours = Parse<double>(option, text, double.IsFinite, What);
        UsageException.Require(colours.Length == 3, $"{option} {text}: there are {colours.Length} numbers; write {What}.");
        return colours;
    }
}
