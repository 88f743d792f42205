using Rectify.Kernels.Simd;

namespace Rectify.Kernels;

/// <summary>One way to compute one pass of one operation.</summary>
/// <typeparam name="TShape">Describes the work: sizes, strides, padding.</typeparam>
internal abstract class Kernel<TShape>
    where TShape : struct
{
    /// <summary>The algorithm and its vector width, e.g. "blocked-512"; unique in its table.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the kernel can do this work with vectors no wider than <paramref name="isa"/>.</summary>
    public abstract bool Supports(in TShape shape, Isa isa);

    /// <summary>Whether it is faster at this work than those behind it in its table: a matter of measurement, not of results.</summary>
    public virtual bool Pays(in TShape shape) => true;

    /// <summary>Whether an element may err by more than the roundings of its own terms, as Winograd's do; such kernels are left out where exact ones are asked for.</summary>
    public virtual bool IsApproximate => false;

    /// <summary>Floats of scratch memory that a run wants; its content need not survive.</summary>
    public virtual long ScratchLength(in TShape shape, int workers) => 0;
}
