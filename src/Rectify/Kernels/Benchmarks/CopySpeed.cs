using System.Diagnostics;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>How fast memory can be at all: a plain copy past the caches, on all threads at once.</summary>
internal sealed unsafe class CopySpeed : IDisposable
{
    private const int ChunkLength = 1 << 15;

    private readonly KernelContext _context;
    private readonly NativeBuffer _from;
    private readonly NativeBuffer _to;

    /// <summary>Takes memory for it.</summary>
    /// <param name="bytes">Bytes that a copy moves, read and written together.</param>
    /// <param name="context">Threads and vector width.</param>
    public CopySpeed(long bytes, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        long length = Math.Max(1, bytes / (2L * sizeof(float) * ChunkLength)) * ChunkLength;
        (_context, _from, _to) = (context, new NativeBuffer(length), new NativeBuffer(length));
    }

    /// <summary>Bytes that a copy moves.</summary>
    public long Bytes => 2 * sizeof(float) * _from.Length;

    /// <summary>Copies once.</summary>
    public void Run()
    {
        switch (_context.Isa)
        {
            case Isa.V512: Copy<Lanes512>(); break;
            case Isa.V256: Copy<Lanes256>(); break;
            case Isa.V128: Copy<Lanes128>(); break;
            default: Copy<Lanes1>(); break;
        }
    }

    /// <summary>Copies once, by the clock.</summary>
    /// <returns>Bytes a second, read and written ones both counted.</returns>
    public double Measure()
    {
        long started = Stopwatch.GetTimestamp();
        Run();
        return Bytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
    }

    private void Copy<V>()
        where V : struct, ILanes<V>
    {
        fixed (float* from = _from.Slice(0, 1), to = _to.Slice(0, 1))
        {
            Job<V> job = new() { From = from, To = to };
            _context.Workers.Run(checked((int)(_from.Length / ChunkLength)), ref job);
        }
    }

    private struct Job<V> : IChunkJob
        where V : struct, ILanes<V>
    {
        public float* From;
        public float* To;

        public readonly void Run(int chunk, int worker)
        {
            float* from = From + ((nint)chunk * ChunkLength);
            float* to = To + ((nint)chunk * ChunkLength);
            for (int i = 0; i < ChunkLength; i += 4 * V.Width)
            {
                V.Stream(V.Load(from + i), to + i);
                V.Stream(V.Load(from + i + V.Width), to + i + V.Width);
                V.Stream(V.Load(from + i + (2 * V.Width)), to + i + (2 * V.Width));
                V.Stream(V.Load(from + i + (3 * V.Width)), to + i + (3 * V.Width));
            }
        }
    }
}
