using Rectify.Layers;

namespace Rectify.Onnx.Conversion;

/// <summary>A convolution or a fully connected layer in the making: what follows it and is linear goes into its weights.</summary>
internal sealed class WeightedDraft
{
    private readonly float[] _weights;
    private readonly double[] _bias;
    private readonly Func<bool, Layer> _create;
    private bool _hasBias;

    /// <summary>A layer.</summary>
    /// <param name="weights">[K,C,R,S]; changed.</param>
    /// <param name="bias">[K], or null.</param>
    /// <param name="filters">K.</param>
    /// <param name="create">Makes the layer, with biases or without.</param>
    public WeightedDraft(float[] weights, float[]? bias, int filters, Func<bool, Layer> create)
    {
        (_weights, _create, _hasBias) = (weights, create, bias is not null);
        _bias = bias is null ? new double[filters] : Array.ConvertAll(bias, value => (double)value);
    }

    /// <summary>What was multiplied and added after it becomes a part of it.</summary>
    public void Then(ChannelAffine affine)
    {
        int length = _weights.Length / _bias.Length;
        for (int k = 0; k < _bias.Length; k++)
        {
            foreach (ref float weight in _weights.AsSpan(k * length, length))
            {
                weight = (float)(affine.Factor[k] * weight);
            }

            _bias[k] = (affine.Factor[k] * _bias[k]) + affine.Shift[k];
        }

        _hasBias |= affine.Shift.Any(shift => shift != 0);
    }

    /// <summary>The input's channels, multiplied before it, become a part of it.</summary>
    /// <param name="factor">One a channel of the input.</param>
    public void After(double[] factor)
    {
        int place = _weights.Length / _bias.Length / factor.Length;
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = (float)(factor[i / place % factor.Length] * _weights[i]);
        }
    }

    /// <summary>The input's channels come the other way round.</summary>
    /// <param name="channels">How many.</param>
    public void ReverseInputs(int channels)
    {
        int place = _weights.Length / _bias.Length / channels;
        float[] old = [.. _weights];
        for (int i = 0; i < old.Length; i++)
        {
            (int filter, int rest) = Math.DivRem(i, channels * place);
            _weights[(filter * channels * place) + ((channels - 1 - (rest / place)) * place) + (rest % place)] = old[i];
        }
    }

    /// <summary>The layer with its numbers.</summary>
    public Layer Finish()
    {
        Layer layer = _create(_hasBias);
        foreach (Parameter parameter in layer.Parameters)
        {
            parameter.FromFile(parameter is Weight ? _weights : Array.ConvertAll(_bias, value => (float)value), parameter.Values);
        }

        return layer;
    }
}
