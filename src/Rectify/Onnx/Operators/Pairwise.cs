using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;

namespace Rectify.Onnx.Operators;

/// <summary>Add, Sub, Mul, Div, Sum, PRelu: number by number, shapes made one.</summary>
/// <remarks>Whole numbers that grow beyond their kind wrap round; division truncates towards 0.</remarks>
internal static class Pairwise
{
    public static GraphValue[] Add(OperatorCall call) => [Run<AddOperation>(call, call.Input(0), call.Input(1))];

    public static GraphValue[] Sub(OperatorCall call) => [Run<SubOperation>(call, call.Input(0), call.Input(1))];

    public static GraphValue[] Mul(OperatorCall call) => [Run<MulOperation>(call, call.Input(0), call.Input(1))];

    public static GraphValue[] Div(OperatorCall call)
    {
        GraphValue b = call.Input(1);
        return b.IsFloat || !b.Integers.Contains(0) ? [Run<DivOperation>(call, call.Input(0), b)] : throw call.Error("it divides a whole number by 0");
    }

    public static GraphValue[] Sum(OperatorCall call)
    {
        GraphValue sum = call.Floats(0);
        for (int i = 1; i < call.InputCount; i++)
        {
            sum = Run<AddOperation>(call, sum, call.Floats(i));
        }

        return [sum];
    }

    public static GraphValue[] PRelu(OperatorCall call)
    {
        (GraphValue x, GraphValue slope) = (call.Floats(0), call.Floats(1));
        return Broadcast.Shape(call, x.Shape, slope.Shape).AsSpan().SequenceEqual(x.Shape)
            ? [Run<SlopeOperation>(call, x, slope)]
            : throw call.Error($"its slopes {GraphValue.ShapeText(slope.Shape)} do not fit the input {GraphValue.ShapeText(x.Shape)}");
    }

    private static GraphValue Run<TOperation>(OperatorCall call, GraphValue a, GraphValue b)
        where TOperation : IPairOperation
    {
        if (a.Element != b.Element)
        {
            throw call.Error($"its inputs are {a} and {b}, and numbers of one kind are due");
        }

        int[] shape = Broadcast.Shape(call, a.Shape, b.Shape);
        (long[] stepsA, long[] stepsB) = (Broadcast.Strides(a.Shape, shape), Broadcast.Strides(b.Shape, shape));
        if (a.IsFloat)
        {
            float[] floats = call.NewFloats(shape);
            Walk(shape, stepsA, stepsB, floats.Length, (at, run, fromA, stepA, fromB, stepB) =>
            {
                for (int i = 0; i < run; i++)
                {
                    floats[at + i] = TOperation.Of(a.Floats[fromA + (i * stepA)], b.Floats[fromB + (i * stepB)]);
                }
            });
            return GraphValue.Of(shape, floats);
        }

        long[] integers = call.NewIntegers(shape);
        Walk(shape, stepsA, stepsB, integers.Length, (at, run, fromA, stepA, fromB, stepB) =>
        {
            for (int i = 0; i < run; i++)
            {
                integers[at + i] = Wrapped(TOperation.Of(a.Integers[fromA + (i * stepA)], b.Integers[fromB + (i * stepB)]), a.Element);
            }
        });
        return GraphValue.Of(shape, integers, a.Element);
    }

    /// <summary>A whole number as its kind holds it.</summary>
    internal static long Wrapped(long value, OnnxElement element) => element switch
    {
        OnnxElement.Truth => value & 1,
        OnnxElement.U8 => (byte)value,
        OnnxElement.I8 => (sbyte)value,
        OnnxElement.U16 => (ushort)value,
        OnnxElement.I16 => (short)value,
        OnnxElement.U32 => (uint)value,
        OnnxElement.I32 => (int)value,
        _ => value,
    };

    // Runs along the last axis, one after another.
    private static void Walk(int[] shape, long[] stepsA, long[] stepsB, int count, Action<int, int, long, long, long, long> body)
    {
        int last = shape.Length - 1;
        int run = last < 0 ? 1 : shape[last];
        int[] index = new int[shape.Length];
        (long fromA, long fromB) = (0, 0);
        for (int at = 0; at < count; at += run)
        {
            body(at, run, fromA, last < 0 ? 0 : stepsA[last], fromB, last < 0 ? 0 : stepsB[last]);
            for (int axis = last - 1; axis >= 0; axis--)
            {
                fromA += stepsA[axis];
                fromB += stepsB[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                fromA -= stepsA[axis] * shape[axis];
                fromB -= stepsB[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    private readonly struct AddOperation : IPairOperation
    {
        public static float Of(float a, float b) => a + b;

        public static long Of(long a, long b) => unchecked(a + b);
    }

    private readonly struct SubOperation : IPairOperation
    {
        public static float Of(float a, float b) => a - b;

        public static long Of(long a, long b) => unchecked(a - b);
    }

    private readonly struct MulOperation : IPairOperation
    {
        public static float Of(float a, float b) => a * b;

        public static long Of(long a, long b) => unchecked(a * b);
    }

    private readonly struct DivOperation : IPairOperation
    {
        public static float Of(float a, float b) => a / b;

        // The smallest number by −1 goes beyond the largest.
        public static long Of(long a, long b) => b == -1 ? unchecked(-a) : a / b;
    }

    private readonly struct SlopeOperation : IPairOperation
    {
        public static float Of(float a, float b) => a < 0f ? b * a : a;

        public static long Of(long a, long b) => a < 0 ? unchecked(b * a) : a;
    }
}
