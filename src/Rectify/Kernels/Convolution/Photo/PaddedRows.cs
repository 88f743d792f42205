using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Kernels.Convolution.Photo;

/// <summary>Rows of photos copied out with their padding around them, so that every patch of an output row lies there whole.</summary>
/// <remarks>
/// Of output pixel q in the i-th of the output rows copied, the S·C floats under filter row r begin at (i·StrideH + r)·<see cref="Line"/> + q·<see cref="PixelStep"/>:
/// a copied float serves every patch that has it. Output rows are taken in strips of one image.
/// </remarks>
internal readonly struct PaddedRows
{
    private readonly ConvolutionShape _shape;
    private readonly int _width;

    /// <summary>Cuts the output rows into strips.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="pixels">Output pixels that a strip has about.</param>
    public PaddedRows(in ConvolutionShape shape, int pixels)
    {
        _shape = shape;
        MapShape output = shape.Output;
        Columns = output.W;
        Height = Math.Clamp(pixels / Math.Max(1, output.W), 1, Math.Max(1, output.H));
        Strips = (output.H + Height - 1) / Height;
        _width = (((output.W - 1) * shape.Window.StrideW) + shape.Window.S) * shape.Input.Pitch;
        Line = MapShape.Blocks(_width) * MapShape.ChannelBlock;
    }

    /// <summary>Output pixels of a row.</summary>
    public int Columns { get; }

    /// <summary>Output rows of a strip; an image's last may have fewer.</summary>
    public int Height { get; }

    /// <summary>Strips of an image.</summary>
    public int Strips { get; }

    /// <summary>Floats from a copied row to the next.</summary>
    public int Line { get; }

    /// <summary>Floats from an output pixel's patch to the next one's.</summary>
    public int PixelStep => _shape.Window.StrideW * _shape.Input.Pitch;

    /// <summary>Floats from an output row's patches to those of the one below.</summary>
    public int RowStep => _shape.Window.StrideH * Line;

    /// <summary>Floats of a patch that lie together.</summary>
    public int Run => _shape.Window.S * _shape.Input.Pitch;

    /// <summary>Floats of a copied strip.</summary>
    public long Length => (long)Line * LinesOf(Height);

    /// <summary>A strip's first output row in its image.</summary>
    public int First(int strip) => strip % Strips * Height;

    /// <summary>A strip's output rows.</summary>
    public int RowsOf(int strip) => Math.Min(Height, _shape.Output.H - First(strip));

    /// <summary>Output pixels of the batch before a strip.</summary>
    public int PixelsBefore(int strip) => ((strip / Strips * _shape.Output.H) + First(strip)) * Columns;

    /// <summary>Copies what a strip reads.</summary>
    public unsafe void Copy<V>(float* photos, int strip, float* rows)
        where V : struct, ILanes<V>
    {
        MapShape input = _shape.Input;
        float* image = photos + ((nint)(strip / Strips) * input.ImageLength);
        int h = (First(strip) * _shape.Window.StrideH) - _shape.Window.PadTop;
        int left = Math.Min(_width, _shape.Window.PadLeft * input.Pitch);
        int right = Math.Min(_width, left + (input.W * input.Pitch));
        for (int lines = LinesOf(RowsOf(strip)); lines > 0; lines--, h++, rows += Line)
        {
            if ((uint)h >= (uint)input.H)
            {
                Lines<V>.Zero(rows, _width);
                continue;
            }

            Lines<V>.Zero(rows, left);
            Lines<V>.Copy(image + ((nint)h * input.W * input.Pitch), rows + left, right - left);
            Lines<V>.Zero(rows + right, _width - right);
        }
    }

    private int LinesOf(int outputRows) => ((outputRows - 1) * _shape.Window.StrideH) + _shape.Window.R;
}
