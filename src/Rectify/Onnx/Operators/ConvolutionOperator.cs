using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Conv: by the engine's kernels where they can, else by loops.</summary>
internal static class ConvolutionOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        (GraphValue x, GraphValue w, GraphValue? b) = (call.Floats(0), call.Floats(1), call.OptionalFloats(2));
        long groups = call.Whole("group", 1);
        if (x.Shape.Length is not (3 or 4) || w.Shape.Length != x.Shape.Length)
        {
            throw call.Error(
                $"its input is {GraphValue.ShapeText(x.Shape)} and its weights {GraphValue.ShapeText(w.Shape)}; [N,C,H,W] and [K,C,R,S] are due, or both without H and R");
        }

        if (groups < 1 || w.Shape[0] % groups != 0 || x.Shape[1] != w.Shape[1] * groups)
        {
            throw call.Error($"its input has {x.Shape[1]} channels and its {w.Shape[0]} filters expect {w.Shape[1]} in each of {groups} groups");
        }

        if (b is not null && (b.Shape.Length != 1 || b.Shape[0] != w.Shape[0]))
        {
            throw call.Error($"its biases {GraphValue.ShapeText(b.Shape)} do not fit {w.Shape[0]} filters");
        }

        (WindowAxis rows, WindowAxis columns) = WindowAttributes.Read(call, x.Shape, w.Shape[2..]);
        int[] shape = WindowAttributes.Output(x.Shape, w.Shape[0], rows, columns);
        float[] y = call.NewFloats(shape);
        if (y.Length > 0)
        {
            ConvolutionData data = new(x.Shape[0], x.Shape[1], w.Shape[0], (int)groups, rows, columns, x.Floats, w.Floats, b?.Floats, y);
            if (ConvolutionByKernels.Supports(data))
            {
                ConvolutionByKernels.Run(data, call.Context);
            }
            else
            {
                ConvolutionByLoops.Run(data, call.Context);
            }
        }

        return [GraphValue.Of(shape, y)];
    }
}
