namespace Rectify.Benchmarks;

/// <summary>How machines that share a mini-batch come to one gradient.</summary>
public enum ClusterScheme
{
    /// <summary>All gradients are summed.</summary>
    Data,

    /// <summary>Gradients are summed, and of large fully connected layers the factors gathered: <see cref="Communication.ParallelScheme.Auto"/>.</summary>
    Factors,

    /// <summary>The paper's: gradients of what comes before the first fully connected layer are summed; from there on one machine computes all images.</summary>
    Hybrid,
}
