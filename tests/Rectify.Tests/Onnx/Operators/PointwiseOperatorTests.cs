using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Tests.Onnx.Operators;

public sealed class PointwiseOperatorTests
{
    private static readonly GraphValue Mixed = OperatorRun.Floats([5], -2, -0f, 3, float.NaN, float.NegativeInfinity);

    [Fact]
    public void Rectifiers_NegativeNumbersAndNaN_AreAsDefined()
    {
        Assert.Equal([0f, 0, 3, float.NaN, 0], OperatorRun.One("Relu", [Mixed]).Floats);
        Assert.Equal([-0.02f, 0, 3, float.NaN, float.NegativeInfinity], OperatorRun.One("LeakyRelu", [Mixed]).Floats);
        Assert.Equal([-1f, 0, 3, float.NaN, float.NegativeInfinity], OperatorRun.One("LeakyRelu", [Mixed], OnnxAttribute.Of("alpha", 0.5f)).Floats);
    }

    [Fact]
    public void PRelu_SlopesPerChannelSharedAndPerNumber_AreRepeated()
    {
        GraphValue x = OperatorRun.Floats([1, 2, 1, 2], -1, 2, -3, -4);
        Assert.Equal([-0.5f, 2, -30, -40], OperatorRun.One("PRelu", [x, OperatorRun.Floats([2, 1, 1], 0.5f, 10)]).Floats);
        Assert.Equal([-0.5f, 2, -1.5f, -2], OperatorRun.One("PRelu", [x, OperatorRun.Floats([1], 0.5f)]).Floats);
        Assert.Equal([-5f, 2, -15, -8], OperatorRun.One("PRelu", [x, OperatorRun.Floats([2], 5, 2)]).Floats);
        Assert.Contains("slopes [2,2,1,1] do not fit", OperatorRun.Refused("PRelu", [x, OperatorRun.Floats([2, 2, 1, 1], 1, 2, 3, 4)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Arithmetic_FloatsOfTwoShapes_AreRepeated()
    {
        (GraphValue a, GraphValue b) = (OperatorRun.Floats([2, 1], 8, 4), OperatorRun.Floats([3], 1, 2, 4));
        Assert.Equal([9f, 10, 12, 5, 6, 8], OperatorRun.One("Add", [a, b]).Floats);
        Assert.Equal([7f, 6, 4, 3, 2, 0], OperatorRun.One("Sub", [a, b]).Floats);
        Assert.Equal([8f, 16, 32, 4, 8, 16], OperatorRun.One("Mul", [a, b]).Floats);
        Assert.Equal([8f, 4, 2, 4, 2, 1], OperatorRun.One("Div", [a, b]).Floats);
        Assert.Equal([11f, 13, 17], OperatorRun.One("Sum", [b, OperatorRun.Floats([1], 9), b]).Floats);
        Assert.Equal([2, 3, 2], OperatorRun.One("Add", [OperatorRun.Floats([2, 1, 2], new float[4]), OperatorRun.Floats([3, 1], new float[3])]).Dimensions);
        Assert.Contains("[2] and [3] do not go together", OperatorRun.Refused("Add", [OperatorRun.Floats([2], 1, 2), b]), StringComparison.Ordinal);
        Assert.Contains("numbers of one kind", OperatorRun.Refused("Add", [b, OperatorRun.List(1, 2, 3)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Arithmetic_WholeNumbers_TruncatesAndWraps()
    {
        Assert.Equal([-2L, 2, 7], OperatorRun.One("Div", [OperatorRun.List(-7, 7, -7), OperatorRun.List(3, 3, -1)]).Integers);
        Assert.Equal([long.MinValue], OperatorRun.One("Div", [OperatorRun.List(long.MinValue), OperatorRun.List(-1)]).Integers);
        GraphValue bytes = GraphValue.Of([2], [200L, 5], OnnxElement.U8);
        Assert.Equal([144L, 10], OperatorRun.One("Add", [bytes, bytes]).Integers);
        Assert.Contains("by 0", OperatorRun.Refused("Div", [OperatorRun.List(1), OperatorRun.List(0)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Softmax_LargeNumbers_DoNotOverflow()
    {
        // exp(−1) and exp(−2) beside 1.
        double sum = 1 + Math.Exp(-1) + Math.Exp(-2);
        float[] y = OperatorRun.One("Softmax", [OperatorRun.Floats([1, 3], 1000, 1001, 1002)]).Floats;
        Assert.Equal([(float)(Math.Exp(-2) / sum), (float)(Math.Exp(-1) / sum), (float)(1 / sum)], y);
        Assert.Equal((float)-Math.Log(sum), OperatorRun.One("LogSoftmax", [OperatorRun.Floats([1, 3], 1000, 1001, 1002)]).Floats[2]);
    }

    [Fact]
    public void Softmax_BeforeVersion13_GoesOverAllAxesFromTheGivenOne()
    {
        GraphValue zeros = OperatorRun.Floats([2, 2, 3], new float[12]);
        Assert.All(OperatorRun.One("Softmax", 11, [zeros]).Floats, value => Assert.Equal(1 / 6f, value));
        Assert.All(OperatorRun.One("Softmax", 13, [zeros]).Floats, value => Assert.Equal(1 / 3f, value));
        Assert.All(OperatorRun.One("Softmax", 13, [zeros], OnnxAttribute.Of("axis", 1L)).Floats, value => Assert.Equal(1 / 2f, value));
        float[] columns = OperatorRun.One("Softmax", 13, [OperatorRun.Floats([2, 2], 1, 0, 1, MathF.Log(3))], OnnxAttribute.Of("axis", 0L)).Floats;
        Assert.Equal([0.5f, 0.25f, 0.5f, 0.75f], columns, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(-1L, 3)]
    [InlineData(-2L, 6)]
    [InlineData(-3L, 12)]
    [InlineData(2L, 3)]
    public void Softmax_AxisBeforeVersion13_CountsFromTheEndAmongTheAxesThatThereAre(long axis, int row) =>
        Assert.All(OperatorRun.One("Softmax", 11, [OperatorRun.Floats([2, 2, 3], new float[12])], OnnxAttribute.Of("axis", axis)).Floats, value => Assert.Equal(1f / row, value));

    [Theory]
    [InlineData(-4L)]
    [InlineData(3L)]
    public void Softmax_AxisBeyondThem_IsRefused(long axis)
    {
        GraphValue zeros = OperatorRun.Floats([2, 2, 3], new float[12]);
        string message = Assert.Throws<RectifyException>(() => OperatorRun.One("Softmax", 11, [zeros], OnnxAttribute.Of("axis", axis))).Message;
        Assert.Contains($"its axis {axis} is none of 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNormalization_TwoChannels_IsScaledAndShifted()
    {
        GraphValue x = OperatorRun.Floats([1, 2, 2], 1, 3, 10, 20);
        GraphValue[] parameters = [OperatorRun.Floats([2], 2, 1), OperatorRun.Floats([2], 5, 0), OperatorRun.Floats([2], 1, 10), OperatorRun.Floats([2], 3, 99)];

        // 2·(3 − 1)/√(3 + 1) + 5 = 7; (20 − 10)/√(99 + 1) = 1.
        Assert.Equal([5f, 7, 0, 1], OperatorRun.One("BatchNormalization", [x, .. parameters], OnnxAttribute.Of("epsilon", 1f)).Floats);
        Assert.Contains("set to training", OperatorRun.Refused("BatchNormalization", [x, .. parameters], OnnxAttribute.Of("training_mode", 1L)), StringComparison.Ordinal);
        Assert.Contains("2 channels", OperatorRun.Refused("BatchNormalization", [x, .. parameters[..3], OperatorRun.Floats([1], 1)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Dropout_AtTestTime_ChangesNothingAndSaysSo()
    {
        GraphValue x = OperatorRun.Floats([2], 1, -2);
        GraphValue[] made = OperatorRun.All("Dropout", 13, 2, [x]);
        Assert.Equal(x.Floats, made[0].Floats);
        Assert.Equal((OnnxElement.Truth, 2), (made[1].Element, made[1].Integers.Count(value => value == 1)));
        GraphValue training = GraphValue.Of([], [1L], OnnxElement.Truth);
        Assert.Contains("set to training", OperatorRun.Refused("Dropout", [x, OperatorRun.Floats([], 0.5f), training]), StringComparison.Ordinal);
    }

    [Fact]
    public void Cast_ToNarrowerKinds_CutsRoundsAndWraps()
    {
        GraphValue x = OperatorRun.Floats([4], 2.9f, -2.9f, 0, 300);
        GraphValue Cast(GraphValue value, OnnxElement to) => OperatorRun.One("Cast", [value], OnnxAttribute.Of("to", (long)to));
        Assert.Equal([2L, -2, 0, 300], Cast(x, OnnxElement.I64).Integers);
        Assert.Equal([1L, 1, 0, 1], Cast(x, OnnxElement.Truth).Integers);
        Assert.Equal([2f, -3, 0], Cast(OperatorRun.List(2, -3, 0), OnnxElement.F32).Floats);
        Assert.Equal([2.9003906f], Cast(OperatorRun.Floats([1], 2.9f), OnnxElement.F16).Floats);
        Assert.Equal([2.90625f, float.PositiveInfinity], Cast(OperatorRun.Floats([2], 2.9f, float.PositiveInfinity), OnnxElement.BF16).Floats);
        Assert.Equal([44L], Cast(OperatorRun.List(300), OnnxElement.U8).Integers);
        Assert.Contains("casts to Text", OperatorRun.Refused("Cast", [x], OnnxAttribute.Of("to", (long)OnnxElement.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Constant_EveryForm_IsItsValue()
    {
        Assert.Equal([1f, 2], OperatorRun.One("Constant", [], OnnxAttribute.Of("value", OnnxTensor.Of("", [2], [1f, 2f]))).Floats);
        Assert.Equal([1.5f], OperatorRun.One("Constant", [], OnnxAttribute.Of("value_float", 1.5f)).Floats);
        Assert.Equal([1.5f, 2], OperatorRun.One("Constant", [], OnnxAttribute.Of("value_floats", [1.5f, 2f])).Floats);
        Assert.Equal([7L], OperatorRun.One("Constant", [], OnnxAttribute.Of("value_int", 7L)).Integers);
        Assert.Equal([7L, 8], OperatorRun.One("Constant", [], OnnxAttribute.Of("value_ints", [7L, 8])).Integers);
        Assert.Contains("no value", OperatorRun.Refused("Constant", []), StringComparison.Ordinal);
    }

    [Fact]
    public void Resize_LinearBetweenCentres_HoldsTheEdges()
    {
        GraphValue x = OperatorRun.Floats([1, 1, 1, 2], 0, 4);
        OnnxAttribute mode = OnnxAttribute.Of("mode", "linear");

        // The centres of four pixels lie at −¼, ¼, ¾ and 1¼ of two.
        Assert.Equal([0f, 1, 3, 4], OperatorRun.One("Resize", [x, null, null, OperatorRun.List(1, 1, 1, 4)], mode).Floats);
        Assert.Equal([0f, 1, 3, 4], OperatorRun.One("Resize", [x, null, OperatorRun.Floats([4], 1, 1, 1, 2)], mode).Floats);
        Assert.Contains("only the mode linear", OperatorRun.Refused("Resize", [x, null, null, OperatorRun.List(1, 1, 1, 4)]), StringComparison.Ordinal);
        Assert.Contains("sizes [1,2,1,4]", OperatorRun.Refused("Resize", [x, null, null, OperatorRun.List(1, 2, 1, 4)], mode), StringComparison.Ordinal);
    }

    [Fact]
    public void AnyOperator_UnknownAttributeOrTooFewInputs_IsRefused()
    {
        Assert.Contains("attribute 'beta' of Relu is not supported", OperatorRun.Refused("Relu", [Mixed], OnnxAttribute.Of("beta", 1f)), StringComparison.Ordinal);
        Assert.Contains("1 inputs, and Add takes 2", OperatorRun.Refused("Add", [Mixed]), StringComparison.Ordinal);
        Assert.Contains("'alpha' is a Whole where a Number is due", OperatorRun.Refused("LeakyRelu", [Mixed], OnnxAttribute.Of("alpha", 1L)), StringComparison.Ordinal);
        Assert.Contains("floats are due", OperatorRun.Refused("Relu", [OperatorRun.List(1)]), StringComparison.Ordinal);
    }
}
