using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>BatchNormalization as at test time: y = scale·(x − mean)/√(variance + epsilon) + bias, channel by channel.</summary>
internal static class NormalizationOperator
{
    public static GraphValue[] Run(OperatorCall call)
    {
        GraphValue x = call.Floats(0);
        int channels = x.Shape.Length >= 2 ? x.Shape[1] : throw call.Error($"its input is {GraphValue.ShapeText(x.Shape)}, and [N,C,…] is due");
        if (call.Flag("training_mode") || call.Whole("spatial", 1) != 1)
        {
            throw call.Error("it is set to training or to one mean a pixel; export the model for inference");
        }

        GraphValue[] parameters = [.. Enumerable.Range(1, 4).Select(call.Floats)];
        if (parameters.Any(parameter => parameter.Shape.Length != 1 || parameter.Count != channels))
        {
            throw call.Error($"its input has {channels} channels, and its scale, bias, mean and variance are not of that length");
        }

        float epsilon = call.Number("epsilon", 1e-5f);
        float[] y = call.NewFloats(x.Shape);
        int plane = y.Length == 0 ? 1 : y.Length / (x.Shape[0] * channels);
        for (int at = 0; at < y.Length; at += plane)
        {
            (double factor, double shift) = Affine(parameters, at / plane % channels, epsilon);
            for (int i = at; i < at + plane; i++)
            {
                y[i] = (float)((factor * x.Floats[i]) + shift);
            }
        }

        return [GraphValue.Of(x.Shape, y)];
    }

    /// <summary>y = factor·x + shift: what the normalization of a channel comes to.</summary>
    /// <param name="parameters">Scale, bias, mean, variance.</param>
    /// <param name="channel">Which.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static (double Factor, double Shift) Affine(GraphValue[] parameters, int channel, float epsilon)
    {
        double factor = parameters[0].Floats[channel] / Math.Sqrt((double)parameters[3].Floats[channel] + epsilon);
        return (factor, parameters[1].Floats[channel] - (factor * parameters[2].Floats[channel]));
    }
}
