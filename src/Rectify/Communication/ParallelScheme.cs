namespace Rectify.Communication;

/// <summary>How ranks that share a mini-batch come to one gradient.</summary>
public enum ParallelScheme
{
    /// <summary>Gradients are summed over the ranks; of fully connected layers whose factors x and dy are fewer than the gradient xᵀ·dy has numbers, these are gathered.</summary>
    Auto,

    /// <summary>All gradients are summed.</summary>
    Data,
}
