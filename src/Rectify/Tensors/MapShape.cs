namespace Rectify.Tensors;

/// <summary>The shape of a batch of maps, channels last: [N,H,W,C], each pixel's channels at a distance of <see cref="Pitch"/>.</summary>
/// <remarks>
/// The channels of a pixel take <see cref="Pitch"/> ≥ C floats, C rounded up to <see cref="ChannelBlock"/>; the surplus lanes are
/// always zero, so kernels have no channel remainders. The photo itself, which enters a network, is packed: Pitch = C.
/// </remarks>
/// <param name="N">Batch: images.</param>
/// <param name="H">Height in pixels.</param>
/// <param name="W">Width in pixels.</param>
/// <param name="C">Channels that mean something.</param>
/// <param name="Pitch">Floats from one pixel to the next.</param>
public readonly record struct MapShape(int N, int H, int W, int C, int Pitch)
{
    /// <summary>Channels of a map come in blocks of 16: a line of 64 bytes, the widest vector.</summary>
    public const int ChannelBlock = 16;

    /// <summary>Floats that the batch takes: N·H·W·Pitch.</summary>
    /// <exception cref="OverflowException">More than 2³¹−1 floats.</exception>
    public int Length => checked(N * H * W * Pitch);

    /// <summary>Pixels of the batch: N·H·W.</summary>
    public int Pixels => checked(N * H * W);

    /// <summary>Floats from one image to the next: H·W·Pitch.</summary>
    public int ImageLength => checked(H * W * Pitch);

    /// <summary>A batch of photos, packed: the pitch is the number of channels.</summary>
    public static MapShape Image(int n, int h, int w, int c) => new(n, h, w, c, c);

    /// <summary>A batch of maps inside a network: the pitch is C rounded up to <see cref="ChannelBlock"/>.</summary>
    public static MapShape Map(int n, int h, int w, int c) => new(n, h, w, c, Blocks(c) * ChannelBlock);

    /// <summary>How many blocks of <see cref="ChannelBlock"/> hold <paramref name="channels"/>.</summary>
    public static int Blocks(int channels) => (channels + ChannelBlock - 1) / ChannelBlock;

    /// <summary>The same maps for another number of images.</summary>
    public MapShape WithBatch(int n) => this with { N = n };

    /// <inheritdoc/>
    public override string ToString() => $"[N={N},H={H},W={W},C={C}]";
}
