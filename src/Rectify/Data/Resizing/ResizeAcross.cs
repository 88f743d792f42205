using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rectify.Data;

/// <summary>The first pass of resizing: rows of a picture to rows of another width, or of a part of it.</summary>
/// <remarks>
/// A vector holds one, two or four output pixels. Each loads the 16 bytes from its first neighbour on; a shuffle widens one neighbour after the other, and
/// weights that were laid out for this meet them. Not thread-safe; its memory is lent.
/// </remarks>
internal readonly struct ResizeAcross : IDisposable
{
    // Neighbours in 16 bytes, and output pixels in the widest vector.
    private const int Group = 5;
    private const int Step = 4;

    private readonly RgbImage _image;
    private readonly ResizeCoefficients _coefficients;
    private readonly int _columns;
    private readonly int _taps;
    private readonly int _reach;
    private readonly int[] _offsets;
    private readonly int[] _weights;
    private readonly byte[] _edge;

    /// <summary>A pass.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="coefficients">Its columns' weights.</param>
    public ResizeAcross(RgbImage image, ResizeCoefficients coefficients)
    {
        (_image, _coefficients) = (image, coefficients);
        _columns = (coefficients.Length + Step - 1) / Step * Step;
        _taps = coefficients.MaxCount;

        // The last neighbours of the last column, of which the farther ones have no weight: a row that ends with the picture is copied, with room behind it.
        _reach = checked((3 * (image.Width + ((_taps - 1) / Group * Group))) + Vector128<byte>.Count);
        _offsets = ArrayPool<int>.Shared.Rent(_columns);
        _weights = ArrayPool<int>.Shared.Rent(checked(4 * _taps * _columns));
        _edge = ArrayPool<byte>.Shared.Rent(_reach);
        LayOut();
    }

    /// <summary>Bytes that <see cref="Row"/> writes.</summary>
    public int Stride => (3 * _columns) + Step;

    /// <summary>Resizes a row.</summary>
    /// <param name="row">The picture's row.</param>
    /// <param name="destination">At least <see cref="Stride"/> bytes: 3 for each column wanted, and some that mean nothing.</param>
    public void Row(int row, Span<byte> destination)
    {
        int begin = 3 * _image.Width * row;
        ReadOnlySpan<byte> source = _image.Pixels.AsSpan(begin);
        if (!Vector128.IsHardwareAccelerated)
        {
            Scalar(source, destination);
            return;
        }

        if (source.Length < _reach)
        {
            source[..(3 * _image.Width)].CopyTo(_edge);
            source = _edge;
        }

        Debug.Assert(source.Length >= _reach && destination.Length >= Stride, "The row is shorter than its neighbours reach.");
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        if (Vector512.IsHardwareAccelerated)
        {
            Vectors<ResizeLanes512>(ref from, ref to);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vectors<ResizeLanes256>(ref from, ref to);
        }
        else
        {
            Vectors<ResizeLanes128>(ref from, ref to);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_offsets);
        ArrayPool<int>.Shared.Return(_weights);
        ArrayPool<byte>.Shared.Return(_edge);
    }

    // Weights [taps][columns][4]: any width of vector finds those of its pixels together. What is beyond a column's neighbours weighs nothing.
    private void LayOut()
    {
        Array.Clear(_weights, 0, 4 * _taps * _columns);
        Array.Clear(_offsets, 0, _columns);
        for (int column = 0; column < _coefficients.Length; column++)
        {
            _offsets[column] = 3 * _coefficients.First(column);
            ReadOnlySpan<int> weights = _coefficients.Weights(column);
            for (int k = 0; k < weights.Length; k++)
            {
                _weights.AsSpan(4 * ((k * _columns) + column), 4).Fill(weights[k]);
            }
        }
    }

    private void Vectors<T>(ref byte row, ref byte destination)
        where T : struct, IResizeLanes<T>
    {
        ref int offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        int next = 4 * _columns;
        for (int column = 0; column < _columns; column += T.Width / 4)
        {
            T sum = T.Broadcast(ResizeCoefficients.Half);
            ref int weight = ref Unsafe.Add(ref weights, 4 * column);
            for (int tap = 0; tap < _taps; tap += Group)
            {
                T near = T.LoadNeighbours(ref Unsafe.Add(ref row, 3 * tap), ref Unsafe.Add(ref offsets, column));
                int left = _taps - tap;
                sum += T.Neighbour(near, 0) * T.Load(ref weight);
                if (left > 1)
                {
                    sum += T.Neighbour(near, 1) * T.Load(ref Unsafe.Add(ref weight, next));
                }

                if (left > 2)
                {
                    sum += T.Neighbour(near, 2) * T.Load(ref Unsafe.Add(ref weight, 2 * next));
                }

                if (left > 3)
                {
                    sum += T.Neighbour(near, 3) * T.Load(ref Unsafe.Add(ref weight, 3 * next));
                }

                if (left > 4)
                {
                    sum += T.Neighbour(near, 4) * T.Load(ref Unsafe.Add(ref weight, 4 * next));
                    weight = ref Unsafe.Add(ref weight, Group * next);
                }
            }

            T.StorePixels(sum, ref Unsafe.Add(ref destination, 3 * column));
        }
    }

    private void Scalar(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int column = 0; column < _coefficients.Length; column++)
        {
            ReadOnlySpan<int> weights = _coefficients.Weights(column);
            ReadOnlySpan<byte> pixels = source.Slice(3 * _coefficients.First(column), 3 * weights.Length);
            int red = ResizeCoefficients.Half, green = ResizeCoefficients.Half, blue = ResizeCoefficients.Half;
            for (int k = 0; k < weights.Length; k++)
            {
                int weight = weights[k];
                red += weight * pixels[3 * k];
                green += weight * pixels[(3 * k) + 1];
                blue += weight * pixels[(3 * k) + 2];
            }

            destination[3 * column] = ResizeCoefficients.Level(red);
            destination[(3 * column) + 1] = ResizeCoefficients.Level(green);
            destination[(3 * column) + 2] = ResizeCoefficients.Level(blue);
        }
    }
}
