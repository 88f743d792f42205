using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Rectify.Kernels.Simd;
using Rectify.Tensors;

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

    /// <summary>Whether <see cref="Put(float*, nint, int, int, int, nint, nint, nint)"/> stores past the caches.</summary>
    public bool Streams;

    // More than caches keep until it is read again, of which they would have to read the lines before they write them.
    private const long LargeBytes = 4 << 20;

    /// <summary>The same, storing past the caches if the maps are large and vectors are lines of them or halves.</summary>
    /// <param name="length">Floats of the maps.</param>
    public readonly Epilogue<V> ForMap(long length) => this with
    {
        Streams = 2 * V.Width >= MapShape.ChannelBlock && length * sizeof(float) > LargeBytes && ((nint)Y | (nint)Rectified) % (MapShape.ChannelBlock * sizeof(float)) == 0,
    };

    /// <summary>Lets other threads see what a chunk of the work has put.</summary>
    public readonly void Fence()
    {
        if (Streams && Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }

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

    /// <summary>Finishes a rectangle of responses to 16 channels that lie elsewhere yet, and puts them in their place.</summary>
    /// <param name="from">The responses without bias, pixel after pixel.</param>
    /// <param name="fromRow">Floats from a row to the next there.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="channel">First channel.</param>
    /// <param name="offset">Floats from the map's start to that channel of the first pixel.</param>
    /// <param name="rowLength">Floats from a row to the next in the map.</param>
    /// <param name="pitch">Floats from a pixel to the next in the map.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Put(float* from, nint fromRow, int rows, int columns, int channel, nint offset, nint rowLength, nint pitch)
    {
        for (int r = 0; r < rows; r++, from += fromRow, offset += rowLength)
        {
            if (V.Width == MapShape.ChannelBlock)
            {
                PutLanes(from, columns, channel, offset, pitch);
            }
            else if (Streams)
            {
                PutLines(from, columns, channel, offset, pitch);
            }
            else
            {
                for (int lane = 0; lane < MapShape.ChannelBlock; lane += V.Width)
                {
                    PutLanes(from + lane, columns, channel + lane, offset + lane, pitch);
                }
            }
        }
    }

    // Line by line: halves of one that go past the caches apart each go to memory, and take twice as long.
    private readonly void PutLines(float* from, int columns, int channel, nint to, nint pitch)
    {
        for (int i = 0; i < columns; i++, from += MapShape.ChannelBlock, to += pitch)
        {
            for (int lane = 0; lane < MapShape.ChannelBlock; lane += V.Width)
            {
                PutLanes(from + lane, 1, channel + lane, to + lane, pitch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void PutLanes(float* from, int columns, int channel, nint to, nint pitch)
    {
        V bias = Bias is null ? V.Zero : V.Load(Bias + channel);
        V slope = Rectification switch
        {
            Rectification.ChannelSlopes => V.Load(Slopes + channel),
            Rectification.SharedSlope => V.Broadcast(*Slopes),
            _ => V.Zero,
        };
        PutRow(from, columns, bias, slope, to, pitch);
    }

    /// <summary>Asks for the places of some pixels' responses to blocks of 16 channels, so that they are at hand when these are put.</summary>
    /// <param name="pixels">Pixels.</param>
    /// <param name="blocks">Blocks of 16 channels.</param>
    /// <param name="offset">Floats from the map's start to the first block of the first pixel.</param>
    /// <param name="pitch">Floats from a pixel to the next.</param>
    public readonly void Prefetch(int pixels, int blocks, nint offset, nint pitch)
    {
        if (Streams || !Sse.IsSupported)
        {
            return;
        }

        bool rectify = Rectification != Rectification.None;
        for (int i = 0; i < pixels; i++, offset += pitch)
        {
            for (int block = 0; block < blocks; block++)
            {
                nint to = offset + (block * MapShape.ChannelBlock);
                Sse.Prefetch0(Y + to);
                if (rectify)
                {
                    Sse.Prefetch0(Rectified + to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void PutRow(float* from, int columns, V bias, V slope, nint to, nint pitch)
    {
        bool relu = Rectification == Rectification.Relu;
        bool rectify = Rectification != Rectification.None;
        bool keep = !rectify || Rectified != Y;
        bool stream = Streams;
        float* y = Y + to;
        float* f = Rectified + to;
        for (int i = 0; i < columns; i++, from += MapShape.ChannelBlock, y += pitch, f += pitch)
        {
            V value = V.Load(from) + bias;
            if (keep)
            {
                Put(value, y, stream);
            }

            if (rectify)
            {
                Put(V.SelectPositive(value, value, relu ? V.Zero : value * slope), f, stream);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V value, float* to, bool stream)
    {
        if (stream)
        {
            V.Stream(value, to);
        }
        else
        {
            V.Store(value, to);
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
