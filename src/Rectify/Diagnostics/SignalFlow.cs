using Rectify.Kernels.Pooling;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>The second moments of all maps and of their gradients, node by node: the paper's theory, or with what it leaves out.</summary>
/// <remarks>The paper's sees a map as one number: every tap meets a pixel, poolings and dropout change nothing. In sums, terms count as independent.</remarks>
internal sealed class SignalFlow
{
    private readonly Network _network;
    private readonly MapShape[] _shapes;
    private readonly bool _corrected;
    private readonly Func<Weight, double> _variance;
    private readonly Func<Rectifier, double> _slopeSquare;
    private readonly Moments?[] _gradients;

    /// <param name="network">The network.</param>
    /// <param name="corrected">With edges, strides, pooling and dropout.</param>
    /// <param name="variance">Var[w] of some weights.</param>
    /// <param name="slopeSquare">The mean of a² of a rectifier.</param>
    public SignalFlow(Network network, bool corrected, Func<Weight, double> variance, Func<Rectifier, double> slopeSquare)
    {
        (_network, _corrected, _variance, _slopeSquare) = (network, corrected, variance, slopeSquare);
        _shapes = [network.Input, .. network.Shapes(network.Input)];
        Maps = new Moments[_shapes.Length];
        _gradients = new Moments?[_shapes.Length];
        Maps[0] = Uniform(_shapes[0]);
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            Maps[i + 1] = Forward(i);
        }

        _gradients[^1] = Uniform(_shapes[^1]);
        for (int i = network.Nodes.Count - 1; i >= 0; i--)
        {
            Backward(i);
        }
    }

    /// <summary>E[x²] of each map, that of the input being 1.</summary>
    public Moments[] Maps { get; }

    /// <summary>E[(Δx)²] of a map, that of the output being 1.</summary>
    public Moments Gradient(int map) => _gradients[map]!;

    /// <summary>The places of a layer's input that each place of its output sees.</summary>
    public static IReadOnlyList<PixelRectangle> Rectangles(Layer layer, MapShape input)
    {
        switch (layer)
        {
            case Convolution convolution:
                return PoolingReference<float>.Rectangles(new PoolShape(input, convolution.Window, RoundUp: false));
            case MaxPool pool:
                return PoolingReference<float>.Rectangles(pool.Shape(input));
            case SpatialPyramidPool pyramid:
                PixelRectangle[] bins = new PixelRectangle[pyramid.Shape(input).Bins];
                pyramid.Shape(input).Rectangles(bins);
                return bins;
            default:
                return [new PixelRectangle(0, input.H, 0, input.W)];
        }
    }

    private Moments Uniform(MapShape shape) => _corrected ? Moments.Uniform(shape.H, shape.W, 1.0) : Moments.Uniform(1, 1, 1.0);

    private Moments Forward(int i)
    {
        Node node = _network.Nodes[i];
        MapShape input = _shapes[node.Sources[0]];
        Moments x = Maps[node.Sources[0]];
        switch (node.Layer)
        {
            case Rectifier rectifier:
                return x.Rectified(_slopeSquare(rectifier));
            case Residual:
                return x.Plus(Maps[node.Sources[1]]);
            case Concatenation:
                // The mean of the channels.
                return node.Sources.Skip(1).Aggregate(
                    x.Times(Share(node.Sources[0])), (sum, source) => sum.Plus(Maps[source], Share(source)));
            case AveragePool:
                // As if the pixels of a window were alike.
                return _corrected ? x.Evened(_shapes[i + 1].H, _shapes[i + 1].W) : x;
            case MaxPool or SpatialPyramidPool:
                return _corrected ? x.Maxima(Rectangles(node.Layer, input), _shapes[i + 1].H) : x;
            case Dropout dropout:
                return _corrected ? x.Times(1.0 / (1.0 - dropout.Rate)) : x;
            default:
                Weight weight = node.Weight!;
                return (_corrected
                    ? x.Sums(Rectangles(node.Layer, input), _shapes[i + 1].H).Times(input.C * _variance(weight))
                    : x.Times(weight.FanIn * _variance(weight))).Fresh();
        }

        double Share(int source) => (double)_shapes[source].C / _shapes[i + 1].C;
    }

    private void Backward(int i)
    {
        Node node = _network.Nodes[i];
        MapShape input = _shapes[node.Sources[0]];
        Moments dy = _gradients[i + 1]!;
        switch (node.Layer)
        {
            case Rectifier rectifier:
                Give(node.Sources[0], dy.Rectified(_slopeSquare(rectifier)).WithPositive(0.5));
                break;
            case Block:
                foreach (int source in node.Sources)
                {
                    Give(source, dy.Fresh());
                }

                break;
            case AveragePool when _corrected:
                // Each pixel gets its share of each window that holds it, and the windows' gradients count as alike.
                double share = (double)_shapes[i + 1].Pixels / input.Pixels;
                Give(node.Sources[0], dy.Times(share * share).Evened(input.H, input.W));
                break;
            case AveragePool:
                Give(node.Sources[0], dy);
                break;
            case MaxPool or SpatialPyramidPool when _corrected:
                // The pixel that wins gets all, and it is above 0 unless all are not.
                IReadOnlyList<PixelRectangle> rectangles = Rectangles(node.Layer, input);
                double none = rectangles.Average(r => Math.Pow(0.5, (r.Bottom - r.Top) * (r.Right - r.Left)));
                Give(node.Sources[0], dy.Spread(rectangles, input, shared: true).WithPositive(1.0 - none));
                break;
            case MaxPool or SpatialPyramidPool:
                Give(node.Sources[0], dy);
                break;
            case Dropout dropout:
                Give(node.Sources[0], _corrected ? dy.Times(1.0 / (1.0 - dropout.Rate)) : dy);
                break;
            default:
                Weight weight = node.Weight!;
                Give(node.Sources[0], (_corrected
                    ? dy.Spread(Rectangles(node.Layer, input), input, shared: false).Times(weight.Dimensions[0] * _variance(weight))
                    : dy.Times(weight.FanOut * _variance(weight))).Fresh());
                break;
        }
    }

    private void Give(int map, Moments part) => _gradients[map] = _gradients[map] is { } before ? before.Plus(part) : part;
}
