using Rectify.Layers;
using Rectify.Onnx.Graphs;
using Rectify.Onnx.Messages;
using Rectify.Onnx.Operators;
using Rectify.Tensors;

namespace Rectify.Onnx.Conversion;

/// <summary>Makes layers of the pieces of a graph, from the input to the output.</summary>
/// <param name="model">What messages call the model.</param>
/// <param name="trace">Shapes and constants.</param>
/// <param name="isConstant">Whether a value depends on no input.</param>
/// <param name="scaling">What the graph's input is.</param>
internal sealed class LayerBuilder(string model, ConversionTrace trace, Func<string, bool> isConstant, InputScaling scaling)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly NodeLayers _nodes = new(model, trace, isConstant);
    private double[]? _inputFactor;

    /// <summary>What is to be subtracted from pixels, R, G, B: known when the layers are made.</summary>
    public IReadOnlyList<float> Mean { get; private set; } = [];

    /// <summary>The layers of a whole network.</summary>
    public IReadOnlyList<Layer> Build(IReadOnlyList<FlowPiece> pieces)
    {
        // What the graph itself does to the photo before its first layer joins what is done before the graph.
        ChannelAffine affine = new([.. Ordered(scaling.Scale)], [.. Ordered(scaling.Scale).Zip(Ordered(scaling.Mean), (scale, mean) => -scale * mean)]);
        int first = 0;
        for (; first < pieces.Count && pieces[first].Branches is null && ChannelAffine.Of(pieces[first].Node, trace, isConstant) is { } own; first++)
        {
            affine = affine.Then(own);
        }

        Mean = [.. Ordered([.. affine.Shift.Zip(affine.Factor, (shift, factor) => -shift / factor)]).Select(mean => (float)mean)];
        if (Mean.Any(mean => !float.IsFinite(mean)))
        {
            throw new RectifyException($"{model}: it multiplies a channel of its input by 0; run it as it is with rectify run.");
        }

        _inputFactor = affine.Factor;
        MapState state = new(MapShape.Image(1, trace.Shape[2], trace.Shape[3], trace.Shape[1]));
        IReadOnlyList<Layer> layers = Chain([.. pieces.Skip(first)], ref state, whole: true);
        return state is { Shape: { H: 1, W: 1 }, Averaged: false }
            ? layers
            : throw new RectifyException($"{model}: its output is {trace[pieces[^1].Node.Outputs[0]]}, and a classifier ends with a fully connected layer, [N,K]; run it as it is with rectify run.");
    }

    private List<Layer> Chain(IReadOnlyList<FlowPiece> pieces, ref MapState state, bool whole = false)
    {
        List<Layer> layers = [];
        WeightedDraft? draft = null;
        try
        {
            for (int i = 0; i < pieces.Count; i++)
            {
                OnnxNode node = pieces[i].Node;
                if (pieces[i].Branches is null && draft is not null && ChannelAffine.Of(node, trace, isConstant) is { } affine)
                {
                    draft.Then(affine);
                    continue;
                }

                Finish(layers, ref draft);
                if (whole && i == pieces.Count - 1 && node.Operator is "Softmax" or "LogSoftmax")
                {
                    _nodes.CheckSoftmax(node);
                }
                else if (pieces[i].Branches is { } branches)
                {
                    layers.Add(Block(node, branches, ref state));
                }
                else if (_nodes.Weighted(node, ref state, Name) is { } weighted)
                {
                    draft = weighted;
                    draft.After(_inputFactor is null ? [1] : InputFactor(node));
                    _inputFactor = null;
                }
                else if (_nodes.Plain(node, ref state, Name) is { } layer)
                {
                    layers.Add(layer);
                }

                if (_inputFactor is not null && layers.Count > 0)
                {
                    RequirePlainInput(node);
                }
            }

            Finish(layers, ref draft);
            return layers;
        }
        catch
        {
            foreach (Parameter parameter in layers.SelectMany(layer => layer.Parameters))
            {
                parameter.Dispose();
            }

            throw;
        }
    }

    private Layer Block(OnnxNode node, IReadOnlyList<IReadOnlyList<FlowPiece>> branches, ref MapState state)
    {
        RequirePlainInput(node);
        string name = Name(node);
        List<List<Layer>> layers = [];
        MapState[] ends = new MapState[branches.Count];
        for (int i = 0; i < branches.Count; i++)
        {
            ends[i] = state;
            layers.Add(Chain(branches[i], ref ends[i]));
        }

        if (ends.Any(end => end.Averaged || end.Flat != ends[0].Flat || (end.Flat && end.Shape is not { H: 1, W: 1 })))
        {
            throw _nodes.Unlike(node);
        }

        Block block = node.Operator switch
        {
            "Add" or "Sum" when branches.Count == 2 => layers[0].Count == 0 ? new Residual(name, layers[1], layers[0]) : new Residual(name, layers[0], layers[1]),
            "Concat" when _nodes.JoinsChannels(node) && node.Inputs.Count == branches.Count => new Concatenation(name, layers),
            _ => throw _nodes.Unlike(node),
        };
        state = state with { Shape = block.Output(state.Shape), Flat = ends[0].Flat };
        return block;
    }

    private static void Finish(List<Layer> layers, ref WeightedDraft? draft)
    {
        if (draft is not null)
        {
            layers.Add(draft.Finish());
            draft = null;
        }
    }

    private double[] InputFactor(OnnxNode node) => node.Operator == "Conv" ? _inputFactor! : throw _nodes.Unlike(node);

    // Only a convolution can take over that its input is another.
    private void RequirePlainInput(OnnxNode node)
    {
        if (_inputFactor is not null && _inputFactor.Any(factor => factor != 1))
        {
            throw _nodes.Unlike(node);
        }

        _inputFactor = null;
    }

    private T[] Ordered<T>(IReadOnlyList<T> channels) => scaling.BlueFirst ? [.. channels.Reverse()] : [.. channels];

    // The weights' name, the node's or the output's: whichever comes first, without what is usual at its end.
    private string Name(OnnxNode node)
    {
        const string Weights = ".weight";
        string weights = node.Inputs.Count > 1 ? node.Inputs[1] : "";
        string name = weights.EndsWith(Weights, StringComparison.Ordinal) && weights.Length > Weights.Length
            ? weights[..^Weights.Length]
            : node.Name.Trim().Length > 0 ? node.Name.Trim() : $"{node.Operator}.{node.Outputs[0]}";
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}#{i}");
        }

        return unique;
    }
}
