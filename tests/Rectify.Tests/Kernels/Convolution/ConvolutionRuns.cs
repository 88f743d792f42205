using Rectify.Kernels;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Rectifiers;

namespace Rectify.Tests.Kernels.Convolution;

// How a forward convolution is asked for.
internal sealed record ForwardVariant(Rectification Rectification, bool InPlace, bool Bias)
{
    public static IReadOnlyList<ForwardVariant> All { get; } =
    [
        .. from rectification in Enum.GetValues<Rectification>()
           from inPlace in new[] { false, true }
           where rectification != Rectification.None || !inPlace
           from bias in new[] { true, false }
           select new ForwardVariant(rectification, inPlace, bias),
    ];
}

// Runs kernels on a case between guards, every destination and the scratch memory filled with NaN before.
internal static class ConvolutionRuns
{
    // y, and f(y) where there is a rectifier; the same array where it is done in place.
    public static (float[] Y, float[] Rectified) Forward(ConvolutionForwardKernel kernel, ConvolutionCase work, ForwardVariant variant, KernelContext context)
    {
        string replay = $"{kernel.Name} {variant} on {work}";
        GuardedFloats x = new(work.X), w = new(work.W), bias = new(variant.Bias ? work.Bias : []), slopes = new(Slopes(work, variant));
        GuardedFloats y = new(work.Shape.Output.Length), scratch = new(kernel.ScratchLength(work.Shape, context.Workers.Count));
        bool separate = variant.Rectification != Rectification.None && !variant.InPlace;
        GuardedFloats rectified = separate ? new(work.Shape.Output.Length) : y;
        ConvolutionForwardOperands operands = new()
        {
            X = x.Span,
            W = w.Span,
            Bias = bias.Span,
            Y = y.Span,
            Rectification = variant.Rectification,
            Slopes = slopes.Span,
            Rectified = variant.Rectification == Rectification.None ? default : rectified.Span,
            Scratch = scratch.Span,
        };
        kernel.Run(work.Shape, operands, context);
        scratch.AssertIntact($"{replay}, scratch");
        return (y.AssertIntact($"{replay}, y"), rectified.AssertIntact($"{replay}, f(y)"));
    }

    public static float[] Slopes(ConvolutionCase work, ForwardVariant variant) =>
        KernelTestBench.Slopes(work.Number, 6, new RectifierShape(work.Shape.Output, variant.Rectification));

    public static float[] BackwardData(ConvolutionBackwardDataKernel kernel, ConvolutionCase work, KernelContext context)
    {
        string replay = $"{kernel.Name} on {work}";
        GuardedFloats dy = new(work.Dy), w = new(work.W), dx = new(work.Shape.Input.Length);
        GuardedFloats scratch = new(kernel.ScratchLength(work.Shape, context.Workers.Count));
        kernel.Run(work.Shape, dy.Span, w.Span, dx.Span, scratch.Span, context);
        scratch.AssertIntact($"{replay}, scratch");
        return dx.AssertIntact($"{replay}, dx");
    }

    public static float[] BackwardFilter(ConvolutionBackwardFilterKernel kernel, ConvolutionCase work, KernelContext context)
    {
        string replay = $"{kernel.Name} on {work}";
        GuardedFloats x = new(work.X), dy = new(work.Dy), dw = new(work.Dw);
        GuardedFloats scratch = new(kernel.ScratchLength(work.Shape, context.Workers.Count));
        kernel.Run(work.Shape, x.Span, dy.Span, dw.Span, scratch.Span, context);
        scratch.AssertIntact($"{replay}, scratch");
        return dw.AssertIntact($"{replay}, dw");
    }
}
