using Rectify.Communication;
using Rectify.Kernels;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Optimization;
using Rectify.Tensors;

namespace Rectify.Execution;

/// <summary>The gradient of a fully connected layer's weights as what it is made of: x and dy of all images of a training step, whose product xᵀ·dy it is.</summary>
/// <remarks>
/// Kept until the step's end, when the update of the weights needs each number of the product once: it is multiplied out piece by piece in the cache and stored
/// nowhere. That saves as much memory as the weights take, and to write and read it.
/// </remarks>
/// <param name="largest">The layer with as many images as it can keep.</param>
/// <param name="memory">Where x and dy lie, and scratch beside them.</param>
/// <param name="place">The places there.</param>
/// <param name="scratch">Scratch of the layer's backward-filter; layers may share it.</param>
/// <param name="context">Threads and vector width.</param>
internal sealed class GradientFactors(LinearShape largest, NativeBuffer memory, FactorPlace place, BufferSlice scratch, KernelContext context)
{
    // In 2⁸ micro-batches they make sums of 2²⁴ products: as many as FiniteCheck.ModestLimit allows.
    private const int FewImages = 1 << 16;

    private int[] _xCounts = [];
    private int[] _dyCounts = [];
    private int _first;

    /// <summary>Images kept.</summary>
    public int Images { get; private set; }

    private LinearShape Shape => largest with { Input = largest.Input.WithBatch(Images) };

    private Span<float> X => memory.Slice(place.X.Offset, Images * largest.Depth);

    private Span<float> Dy => memory.Slice(place.Dy.Offset, Images * largest.Output.Pitch);

    private Span<float> Scratch => memory.Slice(scratch.Offset, scratch.Length);

    private LinearBackwardFilterKernel Kernel => LinearKernels.BackwardFilter.Choose(Shape, context);

    /// <summary>Whether factors are a quarter of the weights at the most. A matter of the shape alone, for it decides about the order of sums.</summary>
    /// <param name="shape">The layer with all images of a step.</param>
    public static bool Pay(LinearShape shape) => (long)shape.Input.N * (shape.Depth + shape.Output.Pitch) < shape.WeightLength / 4;

    /// <summary>Whether so many more images can be kept.</summary>
    public bool HaveRoom(int images) => Images + images <= largest.Input.N;

    /// <summary>Keeps the images of a micro-batch.</summary>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    {
        int first = _first + Images;
        Images += x.Length / largest.Depth;
        x.CopyTo(memory.Slice(place.X.Offset + ((long)first * largest.Depth), x.Length));
        dy.CopyTo(memory.Slice(place.Dy.Offset + ((long)first * largest.Output.Pitch), dy.Length));
    }

    /// <summary>Forgets all images.</summary>
    /// <param name="first">Images of the ranks before this one, which will stand before its own.</param>
    public void Clear(int first) => (_first, Images) = (first, 0);

    /// <summary>Begins to gather those of all ranks: far fewer bytes than the product has.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="images">How many each has.</param>
    public void BeginGather(Communicator communicator, ReadOnlySpan<int> images)
    {
        if (_xCounts.Length != images.Length)
        {
            (_xCounts, _dyCounts) = (new int[images.Length], new int[images.Length]);
        }

        int all = 0;
        for (int rank = 0; rank < images.Length; rank++)
        {
            (_xCounts[rank], _dyCounts[rank]) = (images[rank] * largest.Depth, images[rank] * largest.Output.Pitch);
            all += images[rank];
        }

        (_first, Images) = (0, all);
        communicator.BeginGather(X, _xCounts);
        communicator.BeginGather(Dy, _dyCounts);
    }

    /// <summary>Whether all factors are modest, and so few that the product is finite: far fewer numbers to look at.</summary>
    public bool AreModest() => AreModest(Images, X, Dy, context);

    /// <summary>Whether so few and modest factors make a product that is finite.</summary>
    /// <param name="images">Images.</param>
    /// <param name="x">Of each.</param>
    /// <param name="dy">Of each.</param>
    /// <param name="context">Threads and vector width.</param>
    public static bool AreModest(int images, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, KernelContext context) =>
        images < FewImages && FiniteCheck.AllModest(x, context) && FiniteCheck.AllModest(dy, context);

    /// <summary>Overwrites dw with the product.</summary>
    public void Multiply(Span<float> dw) => Kernel.Run(Shape, X, Dy, accumulate: false, dw, Scratch, context);

    /// <summary>A momentum step of weights and velocities with the product: the same bits as with the stored one.</summary>
    public void Update(Span<float> w, Span<float> v, MomentumRule rule) => Kernel.Update(Shape, X, Dy, w, v, rule, Scratch, context);

    /// <summary>How many numbers of the product are NaN or infinite.</summary>
    public long CountNotFinite() => Kernel.CountNotFinite(Shape, X, Dy, Scratch, context);

    /// <summary>Σ dw² = Σₙₘ (xₙ·xₘ)(dyₙ·dyₘ) over all pairs of images.</summary>
    public double SquaredNorm()
    {
        double sum = 0.0;
        for (int n = 0; n < Images; n++)
        {
            for (int m = 0; m <= n; m++)
            {
                double product = Dot(X, n, m, largest.Depth) * Dot(Dy, n, m, largest.Output.Pitch);
                sum += m < n ? 2.0 * product : product;
            }
        }

        return Math.Max(0.0, sum);
    }

    private static double Dot(ReadOnlySpan<float> rows, int n, int m, int length) =>
        InnerProduct.Of(rows.Slice(n * length, length), rows.Slice(m * length, length));
}

/// <summary>Where factors lie.</summary>
/// <param name="X">[images][features].</param>
/// <param name="Dy">[images][pitch of K].</param>
internal readonly record struct FactorPlace(BufferSlice X, BufferSlice Dy);
