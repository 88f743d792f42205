using Rectify.Kernels.Convolution;
using Rectify.Tensors;

namespace Rectify.Tests.Kernels.Convolution;

// A convolution with its operands and, when asked for, what float64 makes of them. The number is the seed of everything: new ConvolutionCase(17) is the whole replay.
internal sealed class ConvolutionCase
{
    private const int Drawn = 36;
    private const long MostMultiplyAdds = 500_000;

    private static readonly ConvolutionShape[] Chosen =
    [
        // A single number, and a row of them.
        new(MapShape.Image(3, 1, 1, 1), 1, Window.Square(1)),
        new(MapShape.Map(2, 1, 1, 17), 5, Window.Square(1)),

        // The first layer of a network: packed photos; then a packed filter longer than a slice of the depth.
        new(MapShape.Image(2, 15, 13, 3), 33, Window.Square(7, 2, 3)),
        new(MapShape.Image(1, 9, 10, 6), 18, Window.Square(7, 1, 1)),

        // More rows than a block of 112 and than one of 256, deeper than a slice of 256.
        new(MapShape.Map(2, 13, 13, 32), 17, Window.Square(3, 1, 1)),
        new(MapShape.Map(1, 5, 6, 96), 70, Window.Square(3, 1, 1)),

        // So many pixels that backward-filter sums by groups: two, then three.
        new(MapShape.Image(2, 32, 33, 3), 5, Window.Square(3, 1, 1)),
        new(MapShape.Map(3, 33, 34, 1), 3, Window.Square(1)),

        // More panels than a group of 8, uneven groups.
        new(MapShape.Map(1, 3, 4, 5), 200, Window.Square(2)),

        // Different strides and paddings on all sides; padding beyond the filter; filters larger than the map; strides larger than the filter.
        new(MapShape.Map(5, 4, 5, 5), 16, new Window(2, 3, 3, 2, 0, 1, 2, 0)),
        new(MapShape.Map(1, 5, 6, 17), 18, new Window(3, 2, 2, 1, 4, 0, 1, 3)),
        new(MapShape.Map(2, 2, 3, 5), 7, Window.Square(5, 1, 2)),
        new(MapShape.Map(2, 8, 7, 32), 20, Window.Square(1, 2)),
        new(MapShape.Map(1, 10, 9, 3), 4, Window.Square(2, 3, 1)),
    ];

    // 3×3, 2×2 and 7×7 filters and stride 1, which have kernels of their own.
    private static readonly ConvolutionShape[] Squares =
    [
        // Less than a tile, a tile, a column more; padding 0, 1 and 2, and different on all sides.
        new(MapShape.Map(2, 1, 1, 17), 18, Window.Square(3, 1, 1)),
        new(MapShape.Map(2, 1, 1, 5), 3, Window.Square(3, 1, 2)),
        new(MapShape.Map(2, 3, 4, 16), 16, Window.Square(3)),
        new(MapShape.Map(2, 6, 7, 20), 33, Window.Square(3)),
        new(MapShape.Map(1, 4, 5, 32), 32, Window.Square(3, 1, 1)),
        new(MapShape.Map(2, 5, 3, 16), 40, Window.Square(3, 1, 2)),
        new(MapShape.Map(1, 9, 2, 30), 16, new Window(3, 3, 1, 1, 2, 0, 0, 1)),
        new(MapShape.Map(1, 3, 11, 16), 7, new Window(3, 3, 1, 1, 0, 1, 3, 4)),

        // A tile of 5 and its patch, whole; a row and two columns more.
        new(MapShape.Map(2, 7, 7, 17), 18, Window.Square(3)),
        new(MapShape.Map(2, 8, 14, 16), 33, Window.Square(3)),

        // Several slices of channels, even and not; panels in groups.
        new(MapShape.Map(1, 5, 6, 130), 20, Window.Square(3, 1, 1)),
        new(MapShape.Map(1, 6, 6, 80), 270, Window.Square(3, 1, 1)),
        new(MapShape.Map(1, 4, 4, 40), 150, Window.Square(3, 1, 1)),

        // Several blocks of tiles, the tiles across them; then so many that the filters are transformed once.
        new(MapShape.Map(3, 25, 27, 16), 20, Window.Square(3, 1, 1)),
        new(MapShape.Map(5, 37, 38, 5), 4, Window.Square(3, 1, 1)),

        // 2×2: less than a tile of 3 and of 4, just such a tile, a column more; padding 0 and 1, and different on all sides.
        new(MapShape.Map(2, 2, 2, 17), 18, Window.Square(2)),
        new(MapShape.Map(2, 1, 1, 5), 3, Window.Square(2, 1, 1)),
        new(MapShape.Map(2, 4, 5, 16), 16, Window.Square(2)),
        new(MapShape.Map(2, 6, 7, 20), 33, Window.Square(2)),
        new(MapShape.Map(1, 5, 4, 32), 32, Window.Square(2, 1, 1)),
        new(MapShape.Map(1, 9, 2, 30), 16, new Window(2, 2, 1, 1, 1, 0, 0, 1)),
        new(MapShape.Map(1, 3, 11, 16), 7, new Window(2, 2, 1, 1, 0, 1, 3, 4)),

        // Several slices of channels, panels in groups, several blocks of tiles of each size.
        new(MapShape.Map(2, 5, 6, 130), 20, Window.Square(2, 1, 1)),
        new(MapShape.Map(1, 6, 6, 80), 270, Window.Square(2)),
        new(MapShape.Map(3, 31, 33, 16), 20, Window.Square(2, 1, 1)),
        new(MapShape.Map(5, 37, 38, 5), 4, Window.Square(2)),

        // 7×7: less than a tile, a tile, a row and a column more; padding up to 6; slices of channels, panels in groups.
        new(MapShape.Map(2, 7, 7, 17), 18, Window.Square(7)),
        new(MapShape.Map(2, 8, 8, 16), 16, Window.Square(7)),
        new(MapShape.Map(2, 11, 9, 20), 33, Window.Square(7)),
        new(MapShape.Map(1, 2, 3, 16), 17, new Window(7, 7, 1, 1, 6, 3, 4, 5)),
        new(MapShape.Map(1, 8, 9, 66), 40, Window.Square(7)),
    ];

    // Packed photos, which have kernels of their own.
    private static readonly ConvolutionShape[] Photos =
    [
        // The first layers of the paper's models, of the small ones and of VGG, cropped.
        new(MapShape.Image(2, 31, 57, 3), 96, Window.Square(7, 2, 3)),
        new(MapShape.Image(1, 30, 30, 3), 64, Window.Square(7, 2)),
        new(MapShape.Image(2, 32, 32, 3), 32, Window.Square(3, 1, 1)),

        // One output pixel; a row of them, a column; a filter as large as the photo and more.
        new(MapShape.Image(1, 1, 1, 3), 17, Window.Square(3, 1, 1)),
        new(MapShape.Image(2, 7, 7, 3), 17, Window.Square(7)),
        new(MapShape.Image(1, 3, 41, 4), 17, Window.Square(3, 2)),
        new(MapShape.Image(3, 29, 2, 2), 49, Window.Square(2)),
        new(MapShape.Image(2, 2, 3, 3), 20, Window.Square(7, 2, 3)),

        // Different strides and paddings on all sides; a stride larger than the filter; windows in the padding alone; rows longer than a strip.
        new(MapShape.Image(2, 17, 23, 3), 33, new Window(5, 3, 1, 2, 0, 2, 3, 1)),
        new(MapShape.Image(2, 19, 20, 3), 16, new Window(2, 2, 3, 3, 1, 0, 0, 2)),
        new(MapShape.Image(1, 2, 1, 3), 5, new Window(1, 2, 1, 1, 2, 3, 1, 4)),
        new(MapShape.Image(1, 3, 500, 1), 16, Window.Square(2)),

        // Large filters and strides; one filter.
        new(MapShape.Image(2, 35, 39, 3), 64, Window.Square(11, 4, 2)),
        new(MapShape.Image(1, 23, 21, 3), 1, Window.Square(9, 4, 3)),
        new(MapShape.Image(1, 14, 11, 3), 17, Window.Square(10, 1, 5)),

        // More than 4 MB of output, which goes past the caches.
        new(MapShape.Image(2, 129, 131, 1), 33, Window.Square(1)),
    ];

    private readonly Lazy<(double[] Values, double[] Magnitudes)> _y;
    private readonly Lazy<(double[] Values, double[] Magnitudes)> _dx;
    private readonly Lazy<(double[] Values, double[] Magnitudes)> _dw;

    public ConvolutionCase(int number)
        : this(number, ShapeOf(number))
    {
    }

    private ConvolutionCase(int number, ConvolutionShape shape)
        : this(number, shape, KernelTestBench.UniformMap(number, 1, shape.Input), KernelTestBench.UniformMap(number, 4, shape.Output))
    {
    }

    private ConvolutionCase(int number, ConvolutionShape shape, float[] x, float[] dy)
    {
        Number = number;
        Shape = shape;
        X = x;
        W = UniformWeights(number, 2, shape);
        Bias = KernelTestBench.UniformChannels(number, 3, shape.Output);
        Dy = dy;
        Dw = UniformWeights(number, 5, shape);
        _y = new(() => (Forward(KernelTestBench.Doubles(X), KernelTestBench.Doubles(W)), Forward(KernelTestBench.Magnitudes(X), KernelTestBench.Magnitudes(W))));
        _dx = new(() => (
            BackwardData(KernelTestBench.Doubles(Dy), KernelTestBench.Doubles(W)), BackwardData(KernelTestBench.Magnitudes(Dy), KernelTestBench.Magnitudes(W))));
        _dw = new(() => (
            BackwardFilter(KernelTestBench.Doubles(X), KernelTestBench.Doubles(Dy), KernelTestBench.Doubles(Dw)),
            BackwardFilter(KernelTestBench.Magnitudes(X), KernelTestBench.Magnitudes(Dy), KernelTestBench.Magnitudes(Dw))));
    }

    public static IReadOnlyList<ConvolutionCase> All { get; } = [.. Enumerable.Range(0, FirstPhoto + Photos.Length).Select(number => new ConvolutionCase(number))];

    // The number of the first 3×3 or 2×2 convolution of stride 1.
    public static int FirstSquare => Chosen.Length + Drawn;

    private static int FirstPhoto => FirstSquare + Squares.Length;

    public int Number { get; }

    public ConvolutionShape Shape { get; }

    public float[] X { get; }

    public float[] W { get; }

    public float[] Bias { get; }

    public float[] Dy { get; }

    // What stands in dw before backward-filter adds to it.
    public float[] Dw { get; }

    // y without bias, and Σ|terms| of each.
    public (double[] Values, double[] Magnitudes) ExpectedY => _y.Value;

    public (double[] Values, double[] Magnitudes) ExpectedDx => _dx.Value;

    public (double[] Values, double[] Magnitudes) ExpectedDw => _dw.Value;

    public int TermsOfY => Shape.Window.R * Shape.Window.S * Shape.Input.C;

    public int TermsOfDx => Shape.Window.R * Shape.Window.S * Shape.K;

    public int TermsOfDw => Shape.Output.Pixels + 1;

    public bool[] SurplusOfY => Surplus(Shape.Output);

    public bool[] SurplusOfDx => Surplus(Shape.Input);

    public bool[] SurplusOfDw =>
        [.. Enumerable.Range(0, Shape.WeightLength).Select(i => (i / Shape.Depth / 16 * 16) + (i % 16) >= Shape.K || i / 16 % Shape.Input.Pitch >= Shape.Input.C)];

    // The same filters, one of the images alone.
    public ConvolutionCase Image(int image) => new(
        Number,
        Shape with { Input = Shape.Input.WithBatch(1) },
        X.AsSpan(image * Shape.Input.ImageLength, Shape.Input.ImageLength).ToArray(),
        Dy.AsSpan(image * Shape.Output.ImageLength, Shape.Output.ImageLength).ToArray());

    public override string ToString() => $"new ConvolutionCase({Number}) ({Shape})";

    public static float[] UniformWeights(int seed, int lane, ConvolutionShape shape)
    {
        float[] drawn = KernelTestBench.Uniform(seed, lane, shape.WeightLength);
        float[] w = new float[shape.WeightLength];
        for (int k = 0; k < shape.K; k++)
        {
            for (int tap = 0; tap < shape.Window.R * shape.Window.S; tap++)
            {
                for (int c = 0; c < shape.Input.C; c++)
                {
                    int at = ConvolutionReference<float>.WeightIndex(shape, k, tap, c);
                    w[at] = drawn[at];
                }
            }
        }

        return w;
    }

    private static bool[] Surplus(MapShape map) => [.. Enumerable.Range(0, map.Length).Select(i => i % map.Pitch >= map.C)];

    private static ConvolutionShape ShapeOf(int number) =>
        number < Chosen.Length ? Chosen[number]
        : number < FirstSquare ? Draw(number)
        : number < FirstPhoto ? Squares[number - FirstSquare]
        : Photos[number - FirstPhoto];

    private static ConvolutionShape Draw(int number)
    {
        RandomStream random = KernelTestBench.Stream(number, 0);
        int[] channels = [1, 3, 5, 16, 17, 32, 96];
        while (true)
        {
            (int n, int h, int w) = (1 + random.NextInt(5), 1 + random.NextInt(14), 1 + random.NextInt(14));
            int c = channels[random.NextInt(channels.Length)];
            (int r, int s) = (1 + random.NextInt(7), 1 + random.NextInt(7));
            Window window = new(
                r, s, 1 + random.NextInt(3), 1 + random.NextInt(3), random.NextInt(r + 1), random.NextInt(s + 1), random.NextInt(r + 1), random.NextInt(s + 1));
            MapShape input = c < 16 && random.NextInt(3) == 0 ? MapShape.Image(n, h, w, c) : MapShape.Map(n, h, w, c);
            ConvolutionShape shape = new(input, 1 + random.NextInt(70), window);
            if (shape.Output.Pixels > 0 && shape.MultiplyAdds < MostMultiplyAdds)
            {
                return shape;
            }
        }
    }

    private double[] Forward(double[] x, double[] w)
    {
        double[] y = new double[Shape.Output.Length];
        ConvolutionReference<double>.Forward(Shape, x, w, default, y);
        return y;
    }

    private double[] BackwardData(double[] dy, double[] w)
    {
        double[] dx = new double[Shape.Input.Length];
        ConvolutionReference<double>.BackwardData(Shape, dy, w, dx);
        return dx;
    }

    private double[] BackwardFilter(double[] x, double[] dy, double[] dw)
    {
        ConvolutionReference<double>.BackwardFilter(Shape, x, dy, dw);
        return dw;
    }
}
