using Rectify.Data;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>What happens to a photo before the first layer, outside the graph and in it: factor[c]·pixel + shift[c,h,w]. The shift becomes the mean, the factor goes into the first
/// filters.</summary>
internal sealed class InputChain
{
    private readonly string _model;
    private readonly InputScaling _scaling;
    private readonly int _plane;
    private readonly double[] _shift;

    /// <summary>The chain with what is outside the graph.</summary>
    public InputChain(string model, InputScaling scaling, int height, int width)
    {
        (_model, _scaling, _plane) = (model, scaling, height * width);
        Factor = Ordered(scaling.Scale);
        double[] mean = Ordered(scaling.Mean);
        _shift = [.. Enumerable.Range(0, 3 * _plane).Select(i => -Factor[i / _plane] * mean[i / _plane])];
    }

    /// <summary>One for each channel of the graph's input.</summary>
    public double[] Factor { get; }

    /// <summary>Takes a node in; false where it is none that only multiplies and adds constants.</summary>
    public bool Add(OnnxNode node, ConversionTrace trace, Func<string, bool> isConstant)
    {
        if (ChannelAffine.Of(node, trace, isConstant) is { } affine)
        {
            for (int i = 0; i < _shift.Length; i++)
            {
                _shift[i] = (affine.Factor[i / _plane] * _shift[i]) + affine.Shift[i / _plane];
            }

            for (int c = 0; c < Factor.Length; c++)
            {
                Factor[c] *= affine.Factor[c];
            }

            return true;
        }

        // A mean image.
        if (node.Operator is not ("Add" or "Sub") || node.Inputs.Count != 2 || isConstant(node.Inputs[0]) || !isConstant(node.Inputs[1])
            || trace[node.Inputs[1]] is not { IsFloat: true } image || image.Count != _shift.Length || image.Shape is not ([1, _, _, _] or [_, _, _]))
        {
            return false;
        }

        for (int i = 0; i < _shift.Length; i++)
        {
            _shift[i] += node.Operator == "Sub" ? -image.Floats[i] : image.Floats[i];
        }

        return true;
    }

    /// <summary>What is to be subtracted from pixels 0..255.</summary>
    /// <param name="size">Rows and columns.</param>
    public MeanImage Mean(int size)
    {
        if (Factor.Any(factor => factor == 0 || !double.IsFinite(factor)) || !_shift.All(double.IsFinite))
        {
            throw new RectifyException($"{_model}: it multiplies a channel of its input by 0 or by no number; run it as it is with rectify run.");
        }

        bool even = Enumerable.Range(0, _shift.Length).All(i => _shift[i] == _shift[i / _plane * _plane]);
        float[] values = new float[even ? 3 : _shift.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = _scaling.BlueFirst ? 2 - (i % 3) : i % 3;
            values[i] = (float)(-_shift[(channel * _plane) + (i / 3)] / Factor[channel]);
        }

        return new MeanImage(size, even ? MeanKind.PerChannel : MeanKind.PerPixel, values);
    }

    private double[] Ordered(IReadOnlyList<double> colours) => _scaling.BlueFirst ? [.. colours.Reverse()] : [.. colours];
}
