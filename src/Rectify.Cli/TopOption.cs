using System.CommandLine;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>--top: whether top-1 or top-5 errors count.</summary>
internal sealed class TopOption
{
    private const int Five = 5;

    private readonly Option<int?> _top = new("--top")
    {
        Description = "Which errors count: 1 or 5 (default: 5, the paper's, where there are more than five classes).",
        HelpName = "1|5",
    };

    /// <summary>The option.</summary>
    public Option Option => _top;

    /// <summary>Its value for so many classes.</summary>
    /// <exception cref="UsageException">It is neither 1 nor 5, or 5 where no more than five classes are.</exception>
    public int For(ParseResult result, int classes)
    {
        int top = result.GetValue(_top) ?? (classes > Five ? Five : 1);
        UsageException.Require(top is 1 or Five, $"--top {top}: choose 1 or 5.");
        UsageException.Require(top < Five || classes > Five, $"--top 5: of {classes} classes the right one is always among five; choose --top 1.");
        return top;
    }
}
