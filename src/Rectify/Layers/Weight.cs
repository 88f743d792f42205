using Rectify.Tensors;

namespace Rectify.Layers;

/// <summary>Filters: [K,C,R,S] in files, [⌈K/16⌉][R][S][pitch of C][16] in memory. Weight decay applies.</summary>
public sealed class Weight : Parameter
{
    private const int Block = MapShape.ChannelBlock;
    private readonly int _pitch;

    /// <summary>Filters, all zero.</summary>
    /// <param name="name">Name, e.g. "conv1.weight".</param>
    /// <param name="k">Filters.</param>
    /// <param name="c">Input channels.</param>
    /// <param name="r">Rows.</param>
    /// <param name="s">Columns.</param>
    /// <param name="pitch">Floats that a pixel of the input takes.</param>
    public Weight(string name, int k, int c, int r, int s, int pitch)
        : base(name, [k, c, r, s], checked(MapShape.Blocks(k) * Block * r * s * pitch)) => (_pitch, FanOut) = (pitch, k * r * s);

    /// <summary>n of equation 10: R·S·C, the connections of a response.</summary>
    public int FanIn => Dimensions[1] * Dimensions[2] * Dimensions[3];

    /// <summary>n̂ of equation 14, the responses that an input reaches: R·S·K; K in a fully connected layer, whose filter has one place.</summary>
    public int FanOut { get; init; }

    /// <inheritdoc/>
    public override string DecayReason => "weight";

    /// <inheritdoc/>
    public override bool Decays(bool decayBiases) => true;

    /// <summary>Where w[k,c,r,s] lies in memory.</summary>
    public int StoredIndex(int k, int c, int r, int s)
    {
        (int rows, int columns) = (Dimensions[2], Dimensions[3]);
        return ((((((k / Block * rows) + r) * columns) + s) * _pitch) + c) * Block + (k % Block);
    }

    /// <inheritdoc/>
    public override void ToFile(ReadOnlySpan<float> stored, Span<float> file)
    {
        int at = 0;
        for (int k = 0; k < Dimensions[0]; k++)
        {
            for (int c = 0; c < Dimensions[1]; c++)
            {
                for (int r = 0; r < Dimensions[2]; r++)
                {
                    for (int s = 0; s < Dimensions[3]; s++)
                    {
                        file[at++] = stored[StoredIndex(k, c, r, s)];
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void FromFile(ReadOnlySpan<float> file, Span<float> stored)
    {
        stored.Clear();
        int at = 0;
        for (int k = 0; k < Dimensions[0]; k++)
        {
            for (int c = 0; c < Dimensions[1]; c++)
            {
                for (int r = 0; r < Dimensions[2]; r++)
                {
                    for (int s = 0; s < Dimensions[3]; s++)
                    {
                        stored[StoredIndex(k, c, r, s)] = file[at++];
                    }
                }
            }
        }
    }
}
