using System.Collections;
using Rectify.Kernels.Simd;

namespace Rectify.Kernels;

/// <summary>All kernels for one pass of one operation, fastest first, the naive reference last. Tests and benchmarks enumerate it too.</summary>
internal sealed class KernelTable<TKernel, TShape> : IReadOnlyList<TKernel>
    where TKernel : Kernel<TShape>
    where TShape : struct
{
    private readonly TKernel[] _kernels;

    /// <summary>A table of kernels in the order of preference.</summary>
    /// <param name="kernels">At least one; the last supports everything.</param>
    public KernelTable(params TKernel[] kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentOutOfRangeException.ThrowIfZero(kernels.Length);
        _kernels = kernels;
    }

    /// <inheritdoc/>
    public int Count => _kernels.Length;

    /// <summary>The naive kernel that judges the others.</summary>
    public TKernel Reference => _kernels[^1];

    /// <inheritdoc/>
    public TKernel this[int index] => _kernels[index];

    /// <summary>The first kernel that supports the work and pays.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="isa">The widest vectors allowed.</param>
    /// <param name="exact">Leaves out approximate kernels.</param>
    public TKernel Choose(in TShape shape, Isa isa, bool exact = false)
    {
        foreach (TKernel kernel in _kernels)
        {
            if (kernel.Supports(shape, isa) && kernel.Pays(shape) && !(exact && kernel.IsApproximate))
            {
                return kernel;
            }
        }

        throw new InvalidOperationException($"No kernel supports {shape}: the reference must.");
    }

    /// <summary>The first kernel that supports the work, pays and is allowed.</summary>
    public TKernel Choose(in TShape shape, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Choose(shape, context.Isa, context.Exact);
    }

    /// <inheritdoc/>
    public IEnumerator<TKernel> GetEnumerator() => ((IEnumerable<TKernel>)_kernels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
