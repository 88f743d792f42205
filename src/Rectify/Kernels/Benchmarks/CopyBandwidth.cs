using System.Diagnostics;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>How fast memory can be at all: one block copied to another, both larger than caches are, on all threads at once. What reads and writes maps and does
/// little else can hardly be faster.</summary>
public sealed unsafe class CopyBandwidth : IDisposable
{
    private const int Length = 16 << 20;
    private const int ChunkLength = 1 << 15;

    private readonly NativeBuffer _source = new(Length);
    private readonly NativeBuffer _destination = new(Length);

    /// <summary>10⁹ bytes a second, read and written ones both counted, on the context's threads.</summary>
    public double Measure(KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Isa switch
        {
            Isa.V512 => Measure<Lanes512>(context.Workers),
            Isa.V256 => Measure<Lanes256>(context.Workers),
            Isa.V128 => Measure<Lanes128>(context.Workers),
            _ => Measure<Lanes1>(context.Workers),
        };
    }

    /// <summary>Frees the two blocks.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    private double Measure<V>(Workers workers)
        where V : struct, ILanes<V>
    {
        fixed (float* source = _source.Slice(0, Length), destination = _destination.Slice(0, Length))
        {
            Job<V> job = new(source, destination);
            long started = Stopwatch.GetTimestamp();
            workers.Run(Length / ChunkLength, ref job);
            return 2e-9 * Length * sizeof(float) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    private readonly struct Job<V>(float* source, float* destination) : IChunkJob
        where V : struct, ILanes<V>
    {
        private readonly float* _source = source;
        private readonly float* _destination = destination;

        public void Run(int chunk, int worker)
        {
            float* source = _source + ((nint)chunk * ChunkLength);
            float* destination = _destination + ((nint)chunk * ChunkLength);
            for (int i = 0; i < ChunkLength; i += V.Width)
            {
                V.Store(V.Load(source + i), destination + i);
            }
        }
    }
}
