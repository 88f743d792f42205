using System.Globalization;
using Rectify.Onnx.Messages;
using Rectify.Tensors;

namespace Rectify.Onnx.Graphs;

/// <summary>A tensor in a graph that runs: a shape, and floats or whole numbers, the last axis running fastest.</summary>
/// <remarks>Floats of 16 and 64 bits are computed with in 32. Values are never changed once they are made; several may share their numbers.</remarks>
public sealed class GraphValue
{
    /// <summary>The most axes.</summary>
    public const int MostAxes = 16;

    private readonly float[]? _singles;
    private readonly long[]? _wholes;

    private GraphValue(OnnxElement element, int[] shape, float[]? singles, long[]? wholes)
    {
        (Element, Dimensions, _singles, _wholes) = (element, shape, singles, wholes);
        int length = singles?.Length ?? wholes!.Length;
        if (shape.Length > MostAxes || CountOf(shape) != length)
        {
            throw new RectifyException(string.Create(
                CultureInfo.InvariantCulture, $"A tensor of the shape {ShapeText(shape)} cannot have {length:N0} numbers, or it has more than {MostAxes} axes."));
        }
    }

    /// <summary>F32, or the kind of its whole numbers.</summary>
    public OnnxElement Element { get; }

    /// <summary>Sizes of the axes; none for a single number.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Whether it holds floats.</summary>
    public bool IsFloat => _singles is not null;

    /// <summary>How many numbers.</summary>
    public int Count => _singles?.Length ?? _wholes!.Length;

    /// <summary>The floats.</summary>
    /// <exception cref="InvalidOperationException">It holds whole numbers.</exception>
    public ReadOnlySpan<float> Singles => Floats;

    /// <summary>The whole numbers.</summary>
    /// <exception cref="InvalidOperationException">It holds floats.</exception>
    public ReadOnlySpan<long> Wholes => Integers;

    internal int[] Shape => (int[])Dimensions;

    internal float[] Floats => _singles ?? throw new InvalidOperationException("The value holds whole numbers.");

    internal long[] Integers => _wholes ?? throw new InvalidOperationException("The value holds floats.");

    /// <summary>Floats.</summary>
    /// <param name="dimensions">Sizes of the axes.</param>
    /// <param name="values">The numbers; not copied.</param>
    /// <exception cref="RectifyException">There are more or fewer than the shape holds.</exception>
    public static GraphValue Of(IReadOnlyList<int> dimensions, float[] values) => new(OnnxElement.F32, [.. dimensions], values, null);

    /// <summary>Whole numbers.</summary>
    /// <param name="dimensions">Sizes of the axes.</param>
    /// <param name="values">The numbers; not copied.</param>
    /// <param name="element">Their kind.</param>
    /// <exception cref="RectifyException">There are more or fewer than the shape holds.</exception>
    public static GraphValue Of(IReadOnlyList<int> dimensions, long[] values, OnnxElement element = OnnxElement.I64) => new(element, [.. dimensions], null, values);

    /// <summary>The numbers of a file's tensor.</summary>
    /// <exception cref="RectifyException">They do not fit its shape, or are neither floats nor whole numbers.</exception>
    public static GraphValue Of(OnnxTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        int count = tensor.Count();
        int[] shape = count == 0
            ? [.. tensor.Dimensions.Select(d => (int)Math.Min(d, int.MaxValue))]
            : [.. tensor.Dimensions.Select(d => (int)d)];
        return OnnxElements.IsFloat(tensor.Element) ? Of(shape, tensor.ToSingles()) : Of(shape, tensor.ToIntegers(), tensor.Element);
    }

    /// <summary>The same numbers in another shape of as many.</summary>
    internal GraphValue WithShape(int[] shape) => new(Element, shape, _singles, _wholes);

    /// <summary>How many numbers a shape holds.</summary>
    internal static long CountOf(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            // More than any array holds is enough to know.
            count = Math.Min(count * size, int.MaxValue + 1L);
            if (size == 0)
            {
                return 0;
            }
        }

        return count;
    }

    internal static string ShapeText(IEnumerable<int> shape) => $"[{string.Join(',', shape)}]";

    /// <inheritdoc/>
    public override string ToString() => $"{Element} {ShapeText(Dimensions)}";
}
