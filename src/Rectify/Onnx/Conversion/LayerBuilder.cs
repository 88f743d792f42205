using Rectify.Data;
using Rectify.Layers;
using Rectify.Onnx.Messages;
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

    /// <summary>What is to be subtracted from pixels: known when the layers are made.</summary>
    public MeanImage? Mean { get; private set; }

    /// <summary>The layers of a whole network.</summary>
    public IReadOnlyList<Layer> Build(IReadOnlyList<FlowPiece> pieces)
    {
        // What the graph itself does to the photo before its first layer joins what is done before the graph.
        InputChain input = new(model, scaling, trace.Shape[2], trace.Shape[3]);
        int first = 0;
        while (first < pieces.Count && pieces[first].Branches is null && input.Add(pieces[first].Node, trace, isConstant))
        {
            first++;
        }

        Mean = input.Mean(trace.Shape[2]);
        _inputFactor = input.Factor;
        MapState state = new(MapShape.Image(1, trace.Shape[2], trace.Shape[3], trace.Shape[1]));
        List<Layer> layers = Chain([.. pieces.Skip(first)], ref state, whole: true);
        string output = pieces.Count > 0 ? pieces[^1].Node.Outputs[0] : trace.Input;
        return layers.Count > 0 && state.Shape is { H: 1, W: 1 }
            ? layers
            : throw new RectifyException(
                $"{model}: its output is {trace[output]}, and a classifier ends with a fully connected layer, [N,K]; run it as it is with rectify run.");
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
                    layers.Add(Join(pieces[i], branches, ref state));
                }
                else if (_nodes.Weighted(node, ref state, Name) is { } weighted)
                {
                    draft = weighted;
                    TakeInput(node, draft);
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

    private Layer Join(FlowPiece piece, IReadOnlyList<IReadOnlyList<FlowPiece>> branches, ref MapState state)
    {
        OnnxNode node = piece.Node;
        RequirePlainInput(node);
        string name = Name(node);
        if (PyramidSearch.Levels(piece, trace) is { } levels)
        {
            SpatialPyramidPool pyramid = new(name, levels);
            state = new MapState(pyramid.Output(state.Shape));
            return pyramid;
        }

        List<List<Layer>> layers = [];
        MapState[] ends = new MapState[branches.Count];
        for (int i = 0; i < branches.Count; i++)
        {
            ends[i] = state;
            layers.Add(Chain(branches[i], ref ends[i]));
        }

        if (ends.Any(end => end.Flat != ends[0].Flat || (end.Flat && end.Shape is not { H: 1, W: 1 })))
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

    // The first filters take over that the photo is another: multiplied, its colours the other way round.
    private void TakeInput(OnnxNode node, WeightedDraft draft)
    {
        if (_inputFactor is null)
        {
            return;
        }

        if (node.Operator != "Conv")
        {
            RequirePlainInput(node);
            return;
        }

        draft.After(_inputFactor);
        if (scaling.BlueFirst)
        {
            draft.ReverseInputs(_inputFactor.Length);
        }

        _inputFactor = null;
    }

    // Only a convolution can take over that its input is another.
    private void RequirePlainInput(OnnxNode node)
    {
        if (_inputFactor is not null && (scaling.BlueFirst || _inputFactor.Any(factor => factor != 1)))
        {
            throw _nodes.Unlike(node);
        }

        _inputFactor = null;
    }

    // The weights' name, the node's or the output's: whichever comes first, without what is usual at its end.
    private string Name(OnnxNode node)
    {
        const string Weights = ".weight";
        string weights = node.Inputs.Count > 1 ? node.Inputs[1] : "";
        string own = weights.EndsWith(Weights, StringComparison.Ordinal) ? weights[..^Weights.Length].Trim() : "";
        string name = own.Length > 0 ? own
            : node.Name.Trim().Length > 0 ? node.Name.Trim() : $"{node.Operator}.{node.Outputs[0]}";
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}#{i}");
        }

        return unique;
    }
}
