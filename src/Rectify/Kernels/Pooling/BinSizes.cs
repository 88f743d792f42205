using Rectify.Tensors;

namespace Rectify.Kernels.Pooling;

/// <summary>The maxima over rectangles of one size at all their places in a map.</summary>
/// <param name="Rows">Rows of the rectangle.</param>
/// <param name="Columns">Columns of the rectangle.</param>
/// <param name="Start">Where they lie, [N, H − Rows + 1, W − Columns + 1, pitch]; −1: the map itself, rectangles of one pixel.</param>
internal readonly record struct BinMaxima(int Rows, int Columns, nint Start);

/// <summary>Where a bin of the first window lies among the maxima of its size.</summary>
/// <param name="Start">Where the maxima lie; −1: in the map itself.</param>
/// <param name="Top">Row.</param>
/// <param name="Left">Column.</param>
/// <param name="Height">Rows of the maxima.</param>
/// <param name="Width">Columns of the maxima.</param>
internal readonly record struct BinPlace(nint Start, int Top, int Left, int Height, int Width);

/// <summary>Which sizes the bins of a window have: the 63 bins of {7,3,2,1} on 14×14 have seven.</summary>
internal sealed class BinSizes
{
    private readonly List<BinMaxima> _maxima = [];
    private readonly BinPlace[] _places;

    public BinSizes(in WindowPyramidShape shape)
    {
        PyramidShape pyramid = shape.OfWindow;
        PixelRectangle[] bins = new PixelRectangle[pyramid.Bins];
        pyramid.Rectangles(bins);
        _places = new BinPlace[bins.Length];
        for (int bin = 0; bin < bins.Length; bin++)
        {
            (int rows, int columns) = (bins[bin].Bottom - bins[bin].Top, bins[bin].Right - bins[bin].Left);
            int found = _maxima.FindIndex(size => size.Rows == rows && size.Columns == columns);
            if (found < 0)
            {
                found = _maxima.Count;
                _maxima.Add(Take(shape.Input, rows, columns));
            }

            BinMaxima size = _maxima[found];
            _places[bin] = new BinPlace(size.Start, bins[bin].Top, bins[bin].Left, shape.Input.H - rows + 1, shape.Input.W - columns + 1);
        }

        // By columns: the maxima along rows are made once for each number of them.
        Maxima = [.. _maxima.Where(size => size.Start >= 0).OrderBy(size => size.Columns)];
    }

    /// <summary>Floats of all maxima.</summary>
    public long Length { get; private set; }

    /// <summary>The sizes of more than one pixel; those of the same number of columns stand together.</summary>
    public BinMaxima[] Maxima { get; }

    /// <summary>Where each bin is found.</summary>
    public BinPlace[] Places => _places;

    private BinMaxima Take(MapShape map, int rows, int columns)
    {
        if (rows == 1 && columns == 1)
        {
            return new BinMaxima(1, 1, -1);
        }

        long start = Length;
        Length += (long)map.N * (map.H - rows + 1) * (map.W - columns + 1) * map.Pitch;
        return new BinMaxima(rows, columns, (nint)start);
    }
}
