using Rectify.Kernels.Convolution;
using Rectify.Kernels.Dropout;
using Rectify.Kernels.Linear;
using Rectify.Kernels.Loss;
using Rectify.Kernels.Optimization;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Rectifiers;
using Rectify.Tensors;

namespace Rectify.Kernels.Benchmarks;

/// <summary>The kernels that memory bounds, at sizes of the paper's models.</summary>
public static class MemoryWorks
{
    private const long Float = sizeof(float);
    private static readonly int[] Labels = [.. Enumerable.Range(0, 256)];
    private static readonly double[] Losses = new double[256];

    /// <summary>All of them, made when asked for; whoever takes one disposes it.</summary>
    /// <param name="batch">Images.</param>
    public static IEnumerable<(string Name, Func<MemoryWork> Create)> All(int batch)
    {
        foreach ((int size, int channels, int window, int stride) in ((int, int, int, int)[])[(112, 64, 2, 2), (109, 64, 3, 3), (56, 256, 2, 2), (56, 256, 3, 2)])
        {
            PoolShape shape = new(MapShape.Map(batch, size, size, channels), Window.Square(window, stride), false);
            yield return ("pool forward", () => PoolForward(shape));
            yield return ("pool backward", () => PoolBackward(shape));
        }

        AverageShape mean = new(MapShape.Map(batch, 56, 56, 256), Window.Square(2, 2));
        yield return ("average forward", () => AverageForward(mean));
        yield return ("average backward", () => AverageBackward(mean));
        PyramidShape pyramid = new(MapShape.Map(batch, 14, 14, 512), [7, 3, 2, 1]);
        yield return ("spp forward", () => PyramidForward(pyramid));
        yield return ("spp backward", () => PyramidBackward(pyramid));
        foreach (Rectification f in (Rectification[])[Rectification.Relu, Rectification.ChannelSlopes])
        {
            RectifierShape shape = new(MapShape.Map(batch, 56, 56, 256), f);
            yield return ("rectifier forward", () => RectifierForward(shape));
            yield return ("rectifier backward", () => RectifierBackward(shape));
        }

        yield return ("dropout", () => Dropout(MapShape.Map(batch, 56, 56, 256)));
        yield return ("dropout", () => Dropout(MapShape.Map(128, 1, 1, 4096)));
        yield return ("softmax", () => Softmax(MapShape.Map(128, 1, 1, 1000)));
        yield return ("momentum", () => Momentum(16 << 20));
        yield return ("finite check", () => Finite(16 << 20));
    }

    /// <summary>The three passes of a fully connected layer, and the update of its weights by a gradient that is stored nowhere.</summary>
    /// <param name="shape">The layer.</param>
    public static IEnumerable<(string Name, Func<MemoryWork> Create)> Linear(LinearShape shape)
    {
        yield return ("fc forward", () => LinearForward(shape));
        yield return ("fc backward-data", () => LinearBackwardData(shape));
        yield return ("fc backward-filter", () => LinearBackwardFilter(shape, accumulate: false));
        yield return ("fc backward-filter, added", () => LinearBackwardFilter(shape, accumulate: true));
        yield return ("fc update", () => LinearUpdate(shape));
    }

    private static MemoryWork PoolForward(PoolShape shape)
    {
        (long x, long y) = (shape.Input.Length, shape.Output.Length);
        PoolForwardKernel? kernel = null;
        return Work($"pool {shape.Window.R}×{shape.Window.S} forward", shape.Input, x + (2 * y), [x, y, y], (b, context) =>
            (kernel ??= PoolKernels.Forward.Choose(shape, context)).Run(shape, Whole(b[0]), Whole(b[1]), Whole(b[2]), context));
    }

    private static MemoryWork PoolBackward(PoolShape shape)
    {
        (long x, long y) = (shape.Input.Length, shape.Output.Length);
        PoolBackwardKernel? kernel = null;
        return Work(
            $"pool {shape.Window.R}×{shape.Window.S} backward",
            shape.Input,
            x + (2 * y),
            [x, y, y, x],
            (b, context) => (kernel ??= PoolKernels.Backward.Choose(shape, context)).Run(shape, Whole(b[1]), Whole(b[2]), Whole(b[3]), context),
            (b, context) => PoolKernels.Forward.Choose(shape, context).Run(shape, Whole(b[0]), Whole(b[1]), Whole(b[2]), context));
    }

    private static MemoryWork AverageForward(AverageShape shape)
    {
        (long x, long y) = (shape.Input.Length, shape.Output.Length);
        AverageForwardKernel? kernel = null;
        return Work($"average {shape.Window.R}×{shape.Window.S} forward", shape.Input, x + y, [x, y], (b, context) =>
            (kernel ??= AverageKernels.Forward.Choose(shape, context)).Run(shape, Whole(b[0]), Whole(b[1]), context));
    }

    private static MemoryWork AverageBackward(AverageShape shape)
    {
        (long x, long y) = (shape.Input.Length, shape.Output.Length);
        AverageBackwardKernel? kernel = null;
        return Work($"average {shape.Window.R}×{shape.Window.S} backward", shape.Input, x + y, [y, x], (b, context) =>
            (kernel ??= AverageKernels.Backward.Choose(shape, context)).Run(shape, Whole(b[0]), Whole(b[1]), context));
    }

    private static MemoryWork PyramidForward(PyramidShape shape)
    {
        (long x, long y) = (shape.Input.Length, shape.Output.Length);
        PyramidForwardKernel? kernel = null;
        return Work("spp forward", shape.Input, x + (2 * y), [x, y, y], (b, context) =>
            (kernel ??= PyramidKernels.Forward.Choose(shape, context)).Run(shape, Whole(b[0]), Whole(b[1]), Whole(b[2]), context));
    }

    private static MemoryWork PyramidBackward(PyramidShape shape)
    {
        (long x, long y) = (shape.Input.Length, shape.Output.Length);
        PyramidBackwardKernel? kernel = null;
        return Work(
            "spp backward",
            shape.Input,
            x + (2 * y),
            [x, y, y, x],
            (b, context) => (kernel ??= PyramidKernels.Backward.Choose(shape, context)).Run(shape, Whole(b[1]), Whole(b[2]), Whole(b[3]), context),
            (b, context) => PyramidKernels.Forward.Choose(shape, context).Run(shape, Whole(b[0]), Whole(b[1]), Whole(b[2]), context));
    }

    private static MemoryWork RectifierForward(RectifierShape shape)
    {
        long length = shape.Map.Length;
        return Work($"{shape.Rectification} forward", shape.Map, 2 * length, [length, shape.Map.Pitch, length], (b, context) =>
            RectifierKernels.Forward.Choose(shape, context).Run(shape, Whole(b[0]), Whole(b[1])[..shape.SlopeLength], Whole(b[2]), context));
    }

    private static MemoryWork RectifierBackward(RectifierShape shape)
    {
        (long length, int pitch) = (shape.Map.Length, shape.Map.Pitch);
        return Work($"{shape.Rectification} backward", shape.Map, 3 * length, [length, pitch, length, pitch, pitch, 1 << 20], (b, context) =>
            RectifierKernels.Backward.Choose(shape, context).Run(
                shape, Whole(b[0]), Whole(b[1])[..shape.SlopeLength], Whole(b[2]), Whole(b[3])[..shape.SlopeLength], Whole(b[4]), Whole(b[5]), context));
    }

    private static MemoryWork Dropout(MapShape map) => Work("dropout", map, 2L * map.Length, [map.Length, map.Length], (b, context) =>
        DropoutKernel.Run(map, 0.5f, new DropoutMask(1, 1, 1, 0), Whole(b[0]), Whole(b[1]), context));

    private static MemoryWork Softmax(MapShape map) => Work("softmax", map, 2L * map.Length, [map.Length, map.Length], (b, context) =>
        SoftmaxCrossEntropy.Run(map, Whole(b[0]), Labels, 1.0, Losses, Whole(b[1]), context));

    // A rate of zero, so that the numbers stay what they are however often it runs.
    private static MemoryWork Momentum(int length) =>
        Work("momentum", MapShape.Map(1, 1, 1, length), 5L * length, [length, length, length], (b, context) =>
            MomentumKernel.Run(Whole(b[0]), Whole(b[1]), Whole(b[2]), new MomentumRule(0f, 0.9f, 5e-4f), context));

    private static MemoryWork Finite(int length) => Work("finite check", MapShape.Map(1, 1, 1, length), length, [length], (b, context) =>
        FiniteCheck.AllFinite(Whole(b[0]), context));

    private static MemoryWork LinearForward(LinearShape shape)
    {
        LinearForwardKernel? kernel = null;
        NativeBuffer? scratch = null;
        return Multiplying("fc forward", shape, 0, (b, context) =>
        {
            kernel ??= LinearKernels.Forward.Choose(shape, context);
            scratch ??= new NativeBuffer(kernel.ScratchLength(shape, context.Workers.Count));
            kernel.Run(
                shape, new ConvolutionForwardOperands { X = Whole(b[0]), W = Whole(b[1]), Y = Whole(b[2]), Rectified = Whole(b[2]), Scratch = Whole(scratch) }, context);
        });
    }

    private static MemoryWork LinearBackwardData(LinearShape shape)
    {
        LinearBackwardDataKernel? kernel = null;
        NativeBuffer? scratch = null;
        return Multiplying("fc backward-data", shape, 0, (b, context) =>
        {
            kernel ??= LinearKernels.BackwardData.Choose(shape, context);
            scratch ??= new NativeBuffer(kernel.ScratchLength(shape, context.Workers.Count));
            kernel.Run(shape, Whole(b[2]), Whole(b[1]), Whole(b[0]), Whole(scratch), context);
        });
    }

    private static MemoryWork LinearBackwardFilter(LinearShape shape, bool accumulate)
    {
        LinearBackwardFilterKernel? kernel = null;
        NativeBuffer? scratch = null;
        return Multiplying(accumulate ? "fc bwd-filter, added" : "fc bwd-filter", shape, accumulate ? shape.WeightLength : 0, (b, context) =>
        {
            kernel ??= LinearKernels.BackwardFilter.Choose(shape, context);
            scratch ??= new NativeBuffer(kernel.ScratchLength(shape, context.Workers.Count));
            kernel.Run(shape, Whole(b[0]), Whole(b[2]), accumulate, Whole(b[1]), Whole(scratch), context);
        });
    }

    private static MemoryWork LinearUpdate(LinearShape shape)
    {
        LinearBackwardFilterKernel? kernel = null;
        NativeBuffer? scratch = null;
        MomentumRule rule = new(0f, 0.9f, 5e-4f);
        return Multiplying(
            "fc update",
            shape,
            3L * shape.WeightLength,
            (b, context) =>
            {
                kernel ??= LinearKernels.BackwardFilter.Choose(shape, context);
                scratch ??= new NativeBuffer(kernel.ScratchLength(shape, context.Workers.Count));
                kernel.Update(shape, Whole(b[0]), Whole(b[2]), Whole(b[1]), Whole(b[3]), rule, Whole(scratch), context);
            },
            velocities: true);
    }

    // x, w, y, velocities; more: floats that move beside x, w and y.
    private static MemoryWork Multiplying(string kernel, LinearShape shape, long more, Action<NativeBuffer[], KernelContext> run, bool velocities = false)
    {
        (long x, long w, long y) = (shape.Input.Length, shape.WeightLength, shape.Output.Length);
        NativeBuffer[] buffers = [Uniform(x), new NativeBuffer(w), Uniform(y), new NativeBuffer(velocities ? w : 0)];
        return new MemoryWork(kernel, shape.ToString(), (x + w + y + more) * Float, shape.MultiplyAdds, buffers, run);
    }

    private static MemoryWork Work(
        string kernel, MapShape shape, long floats, long[] lengths, Action<NativeBuffer[], KernelContext> run, Action<NativeBuffer[], KernelContext>? before = null)
    {
        bool prepared = before is null;
        return new MemoryWork(kernel, shape.ToString(), floats * Float, 0, [.. lengths.Select(Uniform)], (b, context) =>
        {
            if (!prepared)
            {
                before!(b, context);
                prepared = true;
            }

            run(b, context);
        });
    }

    private static Span<float> Whole(NativeBuffer buffer) => buffer.Slice(0, checked((int)buffer.Length));

    private static NativeBuffer Uniform(long length)
    {
        NativeBuffer buffer = new(length);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        foreach (ref float value in Whole(buffer))
        {
            value = random.NextSingle(-1f, 1f);
        }

        return buffer;
    }
}
