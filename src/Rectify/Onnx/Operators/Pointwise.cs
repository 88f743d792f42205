using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>Relu, LeakyRelu, Identity, Dropout: number by number.</summary>
internal static class Pointwise
{
    /// <summary>max(0, x); NaN stays NaN.</summary>
    public static GraphValue[] Relu(OperatorCall call) => [Slope(call, 0f)];

    /// <summary>x, or alpha·x where x is below 0.</summary>
    public static GraphValue[] LeakyRelu(OperatorCall call) => [Slope(call, call.Number("alpha", 0.01f))];

    public static GraphValue[] Identity(OperatorCall call) => [call.Input(0)];

    /// <summary>As at test time: nothing is dropped, and the mask says so.</summary>
    public static GraphValue[] Dropout(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        float ratio = call.Optional(1) is { IsFloat: true, Count: 1 } given ? given.Floats[0] : 0.5f;
        bool training = call.Optional(2) is { IsFloat: false, Count: 1 } mode && mode.Integers[0] != 0;
        if (training && ratio != 0f)
        {
            throw call.Error("it is set to training, and graphs are run as at test time; export the model for inference");
        }

        if (!call.Wants(1))
        {
            return [x];
        }

        long[] mask = call.NewIntegers(x.Shape);
        mask.AsSpan().Fill(1);
        return call.Version >= 10 ? [x, GraphValue.Of(x.Shape, mask, Messages.OnnxElement.Truth)] : [x, GraphValue.Of(x.Shape, Array.ConvertAll(mask, m => (float)m))];
    }

    private static GraphValue Slope(OperatorCall call, float slope)
    {
        GraphValue x = call.Floats(0);
        float[] y = call.NewFloats(x.Shape);
        for (int i = 0; i < y.Length; i++)
        {
            float value = x.Floats[i];

            // 0·(−∞) is no number, and max(0, −∞) is 0.
            y[i] = value < 0f ? (slope == 0f ? 0f : slope * value) : value;
        }

        return GraphValue.Of(x.Shape, y);
    }
}
