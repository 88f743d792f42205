using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Gemm: y = alpha·a·b + beta·c, either matrix turned if asked for, c repeated to y's shape.</summary>
internal static class GemmOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        (GraphValue a, GraphValue b, GraphValue? c) = (call.Floats(0), call.Floats(1), call.OptionalFloats(2));
        if (a.Shape.Length != 2 || b.Shape.Length != 2)
        {
            throw call.Error($"its inputs are {a} and {b}, and matrices are due; put a Flatten before it");
        }

        bool turned = call.Flag("transB");
        a = call.Flag("transA") ? StridedCopy.Run(call, a, [a.Shape[1], a.Shape[0]], 0, [1, a.Shape[1]]) : a;
        (int rows, int depth) = (a.Shape[0], a.Shape[1]);
        (int columns, int other) = turned ? (b.Shape[0], b.Shape[1]) : (b.Shape[1], b.Shape[0]);
        if (depth != other)
        {
            throw call.Error($"its input has {depth} numbers a row and its weights expect {other}");
        }

        int[] shape = [rows, columns];
        if (c is not null && !Broadcast.Shape(call, shape, c.Shape).AsSpan().SequenceEqual(shape))
        {
            throw call.Error($"its c {GraphValue.ShapeText(c.Shape)} does not fit the output {GraphValue.ShapeText(shape)}");
        }

        float[] y = call.NewFloats(shape);
        if (turned)
        {
            MatrixProduct.RunTransposed(rows, columns, depth, a.Floats, b.Floats, y, call.Context);
        }
        else
        {
            MatrixProduct.Run(rows, columns, depth, a.Floats, b.Floats, y, call.Context);
        }

        Add(y, columns, call.Number("alpha", 1f), call.Number("beta", 1f), c, shape);
        return [GraphValue.Of(shape, y)];
    }

    private static void Add(float[] y, int columns, float alpha, float beta, GraphValue? c, int[] shape)
    {
        long[] steps = c is null ? [0, 0] : Broadcast.Strides(c.Shape, shape);
        for (int i = 0; i < y.Length; i++)
        {
            float product = alpha == 1f ? y[i] : alpha * y[i];
            y[i] = c is null ? product : product + (beta * c.Floats[(i / columns * steps[0]) + (i % columns * steps[1])]);
        }
    }
}
