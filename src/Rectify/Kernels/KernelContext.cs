using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;

namespace Rectify.Kernels;

/// <summary>What every kernel may use: the threads, and the widest vectors allowed.</summary>
/// <param name="Workers">The threads. They run one job at a time: threads that execute networks at once need a context with Workers of its own each.</param>
/// <param name="Isa">The widest vectors that a kernel may be chosen for.</param>
/// <param name="Exact">Leaves out approximate kernels (<see cref="Kernel{TShape}.IsApproximate"/>).</param>
public sealed record KernelContext(Workers Workers, Isa Isa, bool Exact = false)
{
    /// <summary>The widest vectors of this machine.</summary>
    /// <param name="workers">The threads.</param>
    public KernelContext(Workers workers)
        : this(workers, IsaDetection.Widest)
    {
    }
}
