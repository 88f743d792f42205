using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>A convolution's work: input [N,H,W,C], K filters of R×S, output [N,P,Q,K].</summary>
/// <param name="Input">The input maps (or photos).</param>
/// <param name="K">Filters.</param>
/// <param name="Window">Filter rows and columns, strides, padding.</param>
public readonly record struct ConvolutionShape(MapShape Input, int K, Window Window)
{
    /// <summary>The output maps.</summary>
    public MapShape Output => MapShape.Map(Input.N, Window.OutputRows(Input.H), Window.OutputColumns(Input.W), K);

    /// <summary>Length of one filter as it is stored: R·S·(pitch of the input). The depth of the matrix product.</summary>
    public int Depth => checked(Window.R * Window.S * Input.Pitch);

    /// <summary>Floats of the weights as stored: [⌈K/16⌉][R][S][pitch of C][16].</summary>
    public int WeightLength => checked(Depth * MapShape.Blocks(K) * MapShape.ChannelBlock);

    /// <summary>Multiply-adds of one pass, padding counted as if it were there: N·P·Q·K·R·S·C.</summary>
    public long MultiplyAdds => (long)Output.Pixels * K * Window.R * Window.S * Input.C;

    /// <inheritdoc/>
    public override string ToString() => $"{Input} * {Window} → {K}";
}
