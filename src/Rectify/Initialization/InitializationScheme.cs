using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Initialization;

/// <summary>Which rule sets the scale of weights.</summary>
public enum InitializationRule
{
    /// <summary>Equation 14: keeps the variance of gradients; what the paper trains with.</summary>
    HeOut,

    /// <summary>Equations 10 and 15: keeps the variance of responses.</summary>
    HeIn,

    /// <summary>Normal with √(1/n), the paper's form of Xavier.</summary>
    Xavier,

    /// <summary>Glorot and Bengio's uniform ±√(6/(n+n̂)).</summary>
    XavierUniform,

    /// <summary>Orthogonal filters with He's gain, √(2/(1+a²)) (Saxe, McClelland, Ganguli 2014).</summary>
    Orthogonal,

    /// <summary>Orthogonal, then scaled layer by layer so that the responses to a batch have variance 1. Drawing gives the first half; the second needs data.</summary>
    Lsuv,

    /// <summary>Normal with one std for all layers.</summary>
    Fixed,
}

/// <summary>A rule and, for <see cref="InitializationRule.Fixed"/>, its standard deviation.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Std">The std of the fixed rule.</param>
public readonly record struct InitializationScheme(InitializationRule Rule, double Std = 0.01)
{
    /// <summary>How the command writes the schemes.</summary>
    public const string Names = "he-out, he-in, xavier, xavier-uniform, orthogonal, lsuv, fixed:STD";

    /// <summary>Reads "he-out", "he-in", "xavier", "xavier-uniform", "orthogonal", "lsuv" or "fixed:0.01".</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static InitializationScheme Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("fixed:", StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(6), NumberStyles.Float, CultureInfo.InvariantCulture, out double std)
            && double.IsFinite(std)
            && std > 0)
        {
            return new InitializationScheme(InitializationRule.Fixed, std);
        }

        return text switch
        {
            "he-out" => new InitializationScheme(InitializationRule.HeOut),
            "he-in" => new InitializationScheme(InitializationRule.HeIn),
            "xavier" => new InitializationScheme(InitializationRule.Xavier),
            "xavier-uniform" => new InitializationScheme(InitializationRule.XavierUniform),
            "orthogonal" => new InitializationScheme(InitializationRule.Orthogonal),
            "lsuv" => new InitializationScheme(InitializationRule.Lsuv),
            _ => throw new UsageException($"'{text}' is no initialization; choose one of {Names}, STD being a positive number."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Rule switch
    {
        InitializationRule.HeOut => "he-out",
        InitializationRule.HeIn => "he-in",
        InitializationRule.Xavier => "xavier",
        InitializationRule.XavierUniform => "xavier-uniform",
        InitializationRule.Orthogonal => "orthogonal",
        InitializationRule.Lsuv => "lsuv",
        _ => string.Create(CultureInfo.InvariantCulture, $"fixed:{Std:r}"),
    };
}
