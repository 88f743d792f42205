using Rectify.Kernels.Gemm;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution;

/// <summary>The filters of backward-data: turned by 180°, input and output channels exchanged; overwrites.</summary>
/// <remarks>[K/16][R][S][C][16 of K] → [C/16][R turned][S turned][K][16 of C]; a chunk is one block of 16 output channels, which is read from end to end.</remarks>
/// <param name="shape">The forward convolution; its maps come in blocks of 16 channels.</param>
/// <param name="source">The filters.</param>
/// <param name="destination">Where they go, as many floats.</param>
internal readonly unsafe struct TurnFilters(ConvolutionShape shape, float* source, float* destination) : IChunkJob
{
    private const int Block = MapShape.ChannelBlock;

    private readonly ConvolutionShape _shape = shape;
    private readonly float* _source = source;
    private readonly float* _destination = destination;

    /// <summary>Chunks of the work.</summary>
    public int Chunks => _shape.Output.Pitch / Block;

    public void Run(int chunk, int worker)
    {
        int taps = _shape.Window.R * _shape.Window.S;
        int panels = _shape.Input.Pitch / Block;
        nint k = _shape.Output.Pitch;
        float* from = _source + ((nint)chunk * taps * panels * Block * Block);
        for (int tap = 0; tap < taps; tap++)
        {
            float* to = _destination + ((taps - 1 - tap) * k * Block) + ((nint)chunk * Block * Block);
            for (int panel = 0; panel < panels; panel++, from += Block * Block, to += taps * k * Block)
            {
                Transpose16.Run(from, Block, to, Block);
            }
        }
    }
}
