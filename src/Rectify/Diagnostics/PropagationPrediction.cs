namespace Rectify.Diagnostics;

/// <summary>What the theory says of a network: layer by layer, the products through it, and what it leaves out.</summary>
/// <param name="Layers">Its layers with weights, in the order in which they run.</param>
/// <param name="Omissions">What the paper's theory leaves out of this network.</param>
public sealed record PropagationPrediction(IReadOnlyList<LayerPrediction> Layers, IReadOnlyList<Omission> Omissions)
{
    /// <summary>Var[y_L]/Var[y_1] in equation 9: the product of all forward factors but the first layer's.</summary>
    public double ForwardProduct => Layers[^1].Theory.Forward / Layers[0].Theory.Forward;

    /// <summary>Var[Δx_2]/Var[Δx_(L+1)] in equation 13: the product of all backward factors but the first layer's; 1 for a single layer.</summary>
    public double BackwardProduct => Layers.Count > 1 ? Layers[1].Theory.Backward : 1.0;
}
