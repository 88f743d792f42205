namespace Rectify.Diagnostics;

/// <summary>What the paper's theory leaves out.</summary>
public enum OmissionKind
{
    /// <summary>The input's own scale: responses are proportional to it.</summary>
    Input,

    /// <summary>Taps that see padding, and inputs that fewer filters reach: at edges and under strides.</summary>
    Edges,

    /// <summary>Max pooling.</summary>
    Pooling,

    /// <summary>Spatial pyramid pooling.</summary>
    Pyramid,

    /// <summary>Dropout in training.</summary>
    Dropout,

    /// <summary>A block's join: the paper's nets have none.</summary>
    Join,
}

/// <summary>Something in a network that the paper's theory leaves out, with its factor on the variance where one is known.</summary>
/// <param name="Kind">What.</param>
/// <param name="Layer">Where.</param>
/// <param name="Forward">Factor on E[y²] for a signal that is the same all over the map; null if unknown.</param>
/// <param name="Backward">Factor on E[(Δx)²] likewise; null if unknown.</param>
/// <param name="Why">For people: what happens there.</param>
public sealed record Omission(OmissionKind Kind, string Layer, double? Forward, double? Backward, string Why);
