using System.CommandLine;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>Which options somebody wrote, as opposed to defaults.</summary>
internal static class GivenOptions
{
    /// <summary>Whether an option was written.</summary>
    public static bool Has(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Refuses options that would be passed over in silence.</summary>
    /// <param name="result">What was written.</param>
    /// <param name="why">The rest of the sentence after the option's name.</param>
    /// <param name="options">Those that have no meaning here.</param>
    /// <exception cref="UsageException">One of them was written.</exception>
    public static void Refuse(ParseResult result, string why, params IEnumerable<Option> options)
    {
        if (options.FirstOrDefault(option => Has(result, option)) is { } given)
        {
            throw new UsageException($"{given.Name} {why}");
        }
    }
}
