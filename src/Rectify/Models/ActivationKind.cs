using Rectify.Tensors;

namespace Rectify.Models;

/// <summary>Which rectifier a model is built with.</summary>
public enum ActivationKind
{
    /// <summary>PReLU, a slope a channel.</summary>
    PReLU,

    /// <summary>PReLU, a slope a layer.</summary>
    PReLUShared,

    /// <summary>ReLU.</summary>
    ReLU,

    /// <summary>Leaky ReLU with slope 0.01.</summary>
    Leaky,
}

/// <summary>How the command writes the rectifiers.</summary>
public static class ActivationNames
{
    /// <summary>All names.</summary>
    public const string All = "prelu, prelu-shared, relu, leaky";

    /// <summary>Reads a name.</summary>
    /// <exception cref="UsageException">It is none of <see cref="All"/>.</exception>
    public static ActivationKind Parse(string text) => text switch
    {
        "prelu" => ActivationKind.PReLU,
        "prelu-shared" => ActivationKind.PReLUShared,
        "relu" => ActivationKind.ReLU,
        "leaky" => ActivationKind.Leaky,
        _ => throw new UsageException($"'{text}' is no activation; choose one of {All}."),
    };

    /// <summary>Writes a name.</summary>
    public static string NameOf(ActivationKind kind) => kind switch
    {
        ActivationKind.PReLU => "prelu",
        ActivationKind.PReLUShared => "prelu-shared",
        ActivationKind.ReLU => "relu",
        _ => "leaky",
    };
}
