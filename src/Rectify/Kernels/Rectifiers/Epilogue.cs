using Rectify.Kernels.Simd;

namespace Rectify.Kernels.Rectifiers;

/// <summary>What is done to a block of responses as soon as it is complete: y += b, then f(y).</summary>
internal unsafe struct Epilogue<V>
    where V : struct, ILanes<V>
{
    /// <summary>b, or null.</summary>
    public float* Bias;

    /// <summary>f.</summary>
    public Rectification Rectification;

    /// <summary>f's slopes: one, or one a channel.</summary>
    public float* Slopes;

    /// <summary>y, from the first pixel of the map on.</summary>
    public float* Y;

    /// <summary>f(y), likewise; may be <see cref="Y"/>.</summary>
    public float* Rectified;

    /// <summary>Finishes a block.</summary>
    /// <param name="rows">Pixels.</param>
    /// <param name="channel">First channel.</param>
    /// <param name="channels">Channels, a multiple of 16.</param>
    /// <param name="offset">Floats from the map's start to the first pixel.</param>
    /// <param name="rowLength">Floats from a pixel to the next.</param>
    public readonly void Run(int rows, int channel, int channels, nint offset, nint rowLength)
    {
        if (Rectification != Rectification.None)
        {
            Rectify(rows, channel, channels, offset, rowLength);
        }
        else if (Bias is not null)
        {
            AddBias(rows, channel, channels, offset, rowLength);
        }
    }

    private readonly void AddBias(int rows, int channel, int channels, nint offset, nint rowLength)
    {
        float* y = Y + offset;
        for (int i = 0; i < rows; i++, y += rowLength)
        {
            for (int c = channel; c < channel + channels; c += V.Width)
            {
                V.Store(V.Load(y + c) + V.Load(Bias + c), y + c);
            }
        }
    }

    private readonly void Rectify(int rows, int channel, int channels, nint offset, nint rowLength)
    {
        float* y = Y + offset;
        float* f = Rectified + offset;
        bool relu = Rectification == Rectification.Relu;
        bool perChannel = Rectification == Rectification.ChannelSlopes;
        bool keep = Rectified != Y;
        for (int i = 0; i < rows; i++, y += rowLength, f += rowLength)
        {
            for (int c = channel; c < channel + channels; c += V.Width)
            {
                V value = V.Load(y + c);
                if (Bias is not null)
                {
                    value += V.Load(Bias + c);
                }

                if (keep)
                {
                    V.Store(value, y + c);
                }

                V negative = relu ? V.Zero : value * (perChannel ? V.Load(Slopes + c) : V.Broadcast(*Slopes));
                V.Store(V.SelectPositive(value, value, negative), f + c);
            }
        }
    }
}
