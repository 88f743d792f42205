using Rectify.Kernels.Convolution;
using Rectify.Tensors;

namespace Rectify.Kernels.Linear;

/// <summary>A fully connected layer's work: each image's whole map to K numbers.</summary>
/// <param name="Input">The maps; all H·W·pitch floats of an image are its features.</param>
/// <param name="K">Outputs.</param>
public readonly record struct LinearShape(MapShape Input, int K)
{
    /// <summary>[N,1,1,K].</summary>
    public MapShape Output => MapShape.Map(Input.N, 1, 1, K);

    /// <summary>Features of an image as stored: H·W·pitch.</summary>
    public int Depth => Input.ImageLength;

    /// <summary>Floats of the weights as stored: [⌈K/16⌉][H][W][pitch of C][16].</summary>
    public int WeightLength => checked(Depth * MapShape.Blocks(K) * MapShape.ChannelBlock);

    /// <summary>Multiply-adds of one pass: N·K·H·W·C.</summary>
    public long MultiplyAdds => (long)Input.N * K * Input.H * Input.W * Input.C;

    /// <summary>The same work as a convolution whose filter is the whole map.</summary>
    public ConvolutionShape AsConvolution => new(Input, K, new Window(Input.H, Input.W, 1, 1, 0, 0, 0, 0));

    /// <inheritdoc/>
    public override string ToString() => $"{Input} → {K}";
}
