using Rectify.Execution;
using Rectify.Kernels.Convolution;
using Rectify.Kernels.Pooling;
using Rectify.Kernels.Rectifiers;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>A network in float64, layer after layer from the references, nothing fused and nothing shared: what plans are judged by.</summary>
internal sealed class NetworkTwin
{
    private readonly Network _network;
    private readonly MapShape[] _shapes;
    private readonly double[][] _maps;
    private readonly double[][] _winners;
    private readonly TrainingMoment? _moment;
    private double[][] _gradients = [];

    /// <param name="network">Its present values are copied.</param>
    /// <param name="input">The batch.</param>
    /// <param name="moment">Where training stands; null for inference, where dropout does nothing.</param>
    public NetworkTwin(Network network, MapShape input, TrainingMoment? moment = null)
    {
        (_network, _moment) = (network, moment);
        _shapes = [input, .. network.Shapes(input)];
        _maps = new double[_shapes.Length][];
        _winners = new double[_shapes.Length][];
        foreach (Parameter parameter in network.Parameters)
        {
            Values[parameter] = Packed.ToDoubles(parameter.Values);
            Gradients[parameter] = new double[parameter.StoredLength];
        }
    }

    public Dictionary<Parameter, double[]> Values { get; } = [];

    /// <summary>As stored; added to by every backward pass.</summary>
    public Dictionary<Parameter, double[]> Gradients { get; } = [];

    public MapShape OutputShape => _shapes[^1];

    /// <summary>How far the last forward pass was from a kink: the least |y| before a rectifier, the least lead of a maximum.</summary>
    /// <remarks>Where float32 rounds by more, it may go another way.</remarks>
    public double Margin { get; private set; }

    /// <summary>A map of the last forward pass: 0 is the input, node i makes i+1.</summary>
    public (MapShape Shape, double[] Values) Map(int map) => (_shapes[map], _maps[map]);

    /// <summary>Its gradient in the last backward pass.</summary>
    public (MapShape Shape, double[] Values) GradientOf(int map) => (_shapes[map], _gradients[map]);

    public double[] Forward(double[] x)
    {
        Margin = double.PositiveInfinity;
        _maps[0] = x;
        for (int i = 0; i < _network.Nodes.Count; i++)
        {
            Node node = _network.Nodes[i];
            _maps[i + 1] = new double[_shapes[i + 1].Length];
            if (node.Layer is Block)
            {
                Join(i, (source, lane, at) => _maps[i + 1][at] += _maps[node.Sources[source]][lane]);
            }
            else
            {
                Forward(i, node.Layer, _maps[node.Sources[0]], _maps[i + 1]);
            }
        }

        return _maps[^1];
    }

    public double[] Backward(double[] dy)
    {
        double[][] gradients = [.. _shapes.Select(shape => new double[shape.Length])];
        _gradients = gradients;
        dy.CopyTo(gradients[^1], 0);
        for (int i = _network.Nodes.Count - 1; i >= 0; i--)
        {
            Node node = _network.Nodes[i];
            if (node.Layer is Block)
            {
                Join(i, (source, lane, at) => gradients[node.Sources[source]][lane] += gradients[i + 1][at]);
                continue;
            }

            double[] dx = Backward(i, node.Layer, gradients[i + 1]);
            double[] gathered = gradients[node.Sources[0]];
            for (int at = 0; at < dx.Length; at++)
            {
                gathered[at] += dx[at];
            }
        }

        return gradients[0];
    }

    // Which element of which branch's map meets which element of the join's.
    private void Join(int i, Action<int, int, int> meet)
    {
        IReadOnlyList<int> sources = _network.Nodes[i].Sources;
        MapShape y = _shapes[i + 1];
        int first = 0;
        for (int source = 0; source < sources.Count; source++)
        {
            MapShape x = _shapes[sources[source]];
            for (int pixel = 0; pixel < x.Pixels; pixel++)
            {
                for (int c = 0; c < x.C; c++)
                {
                    meet(source, (pixel * x.Pitch) + c, (pixel * y.Pitch) + first + c);
                }
            }

            first += _network.Nodes[i].Layer is Concatenation ? x.C : 0;
        }
    }

    private void Forward(int i, Layer layer, double[] x, double[] y)
    {
        switch (layer)
        {
            case Convolution or Linear:
                (ConvolutionShape shape, Weight weight, Bias? bias) = Weighted(i, layer);
                ConvolutionReference<double>.Forward(shape, x, Values[weight], bias is null ? [] : Values[bias], y);
                break;
            case Rectifier rectifier:
                Margin = Math.Min(Margin, Logical(InputShape(i), x).Select(Math.Abs).Where(v => v != 0.0).DefaultIfEmpty(1.0).Min());
                RectifierReference<double>.Forward(InputShape(i), rectifier.Rectification, x, Slopes(rectifier), y);
                break;
            case MaxPool or SpatialPyramidPool:
                _winners[i] = new double[y.Length];
                PoolingReference<double>.Forward(InputShape(i), Rectangles(i, layer), x, y, _winners[i]);
                Margin = Math.Min(Margin, LeastLead(InputShape(i), Rectangles(i, layer), x));
                break;
            case AveragePool pool:
                AverageReference<double>.Forward(pool.Shape(InputShape(i)), x, y);
                break;
            case Dropout dropout:
                Drop(i, dropout, x, y);
                break;
            default:
                throw new NotSupportedException(layer.ToString());
        }
    }

    private double[] Backward(int i, Layer layer, double[] dy)
    {
        double[] dx = new double[InputShape(i).Length];
        switch (layer)
        {
            case Convolution or Linear:
                (ConvolutionShape shape, Weight weight, Bias? bias) = Weighted(i, layer);
                ConvolutionReference<double>.BackwardFilter(shape, _maps[_network.Nodes[i].Sources[0]], dy, Gradients[weight]);
                ConvolutionReference<double>.BackwardData(shape, dy, Values[weight], dx);
                if (bias is not null)
                {
                    RectifierReference<double>.Backward(shape.Output, Rectification.None, [], [], [.. dy], [], Gradients[bias]);
                }

                break;
            case Rectifier rectifier:
                dy.CopyTo(dx, 0);
                Span<double> da = rectifier is PReLU prelu ? Gradients[prelu.Slope] : [];
                RectifierReference<double>.Backward(InputShape(i), rectifier.Rectification, _maps[_network.Nodes[i].Sources[0]], Slopes(rectifier), dx, da, []);
                break;
            case MaxPool or SpatialPyramidPool:
                PoolingReference<double>.Backward(InputShape(i), Rectangles(i, layer).Length, dy, _winners[i], dx);
                break;
            case AveragePool pool:
                AverageReference<double>.Backward(pool.Shape(InputShape(i)), dy, dx);
                break;
            case Dropout dropout:
                Drop(i, dropout, dy, dx);
                break;
        }

        return dx;
    }

    private MapShape InputShape(int i) => _shapes[_network.Nodes[i].Sources[0]];

    private (ConvolutionShape Shape, Weight Weight, Bias? Bias) Weighted(int i, Layer layer) => layer switch
    {
        Convolution c => (c.Shape(InputShape(i)), c.Weight, c.Bias),
        Linear l => (l.Shape(InputShape(i)).AsConvolution, l.Weight, l.Bias),
        _ => throw new NotSupportedException(),
    };

    private double[] Slopes(Rectifier rectifier) => rectifier is PReLU prelu ? Values[prelu.Slope] : Packed.ToDoubles(rectifier.Slopes);

    private PixelRectangle[] Rectangles(int i, Layer layer)
    {
        if (layer is MaxPool pool)
        {
            return PoolingReference<double>.Rectangles(pool.Shape(InputShape(i)));
        }

        PyramidShape pyramid = ((SpatialPyramidPool)layer).Shape(InputShape(i));
        PixelRectangle[] bins = new PixelRectangle[pyramid.Bins];
        pyramid.Rectangles(bins);
        return bins;
    }

    // The documented mask: a stream for each (seed, layer, step, sample), one number a response in the order [h,w,c].
    private void Drop(int i, Dropout dropout, double[] x, double[] y)
    {
        MapShape map = InputShape(i);
        for (int image = 0; image < map.N; image++)
        {
            TrainingMoment moment = _moment ?? default;
            RandomStream random = new(moment.Seed, RandomPurpose.Dropout, moment.Step, (ulong)(moment.FirstSample + image), i);
            for (int pixel = image * map.H * map.W; pixel < (image + 1) * map.H * map.W; pixel++)
            {
                for (int c = 0; c < map.C; c++)
                {
                    bool kept = _moment is null || random.NextSingle() >= dropout.Rate;
                    double scale = _moment is null ? 1.0 : 1.0 / (1.0 - dropout.Rate);
                    y[(pixel * map.Pitch) + c] = kept ? x[(pixel * map.Pitch) + c] * scale : 0.0;
                }
            }
        }
    }

    private static IEnumerable<double> Logical(MapShape shape, double[] values) => values.Where((_, i) => i % shape.Pitch < shape.C);

    private static double LeastLead(MapShape map, PixelRectangle[] rectangles, double[] x)
    {
        double least = double.PositiveInfinity;
        for (int image = 0; image < map.N; image++)
        {
            foreach (PixelRectangle r in rectangles)
            {
                for (int c = 0; c < map.C; c++)
                {
                    (double best, double second) = (double.NegativeInfinity, double.NegativeInfinity);
                    for (int pixel = 0; pixel < (r.Bottom - r.Top) * (r.Right - r.Left); pixel++)
                    {
                        (int h, int w) = (r.Top + (pixel / (r.Right - r.Left)), r.Left + (pixel % (r.Right - r.Left)));
                        double value = x[(((((image * map.H) + h) * map.W) + w) * map.Pitch) + c];
                        (best, second) = value > best ? (value, best) : (best, value == best ? second : Math.Max(second, value));
                    }

                    least = Math.Min(least, best - second);
                }
            }
        }

        return least;
    }
}
