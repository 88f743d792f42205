using Rectify.Layers;

namespace Rectify.Execution;

/// <summary>
/// Hears of each parameter's gradient as soon as it is complete, last layer first: the hook for an optimizer fused into the backward pass and for sums
/// over machines.
/// </summary>
public interface IGradientSink
{
    /// <summary>A gradient is complete and will not change until the next backward pass.</summary>
    /// <param name="parameter">Whose.</param>
    /// <param name="workspace">Gives it: all of it, or its norm alone, which may cost far less.</param>
    void Complete(Parameter parameter, Workspace workspace);
}
