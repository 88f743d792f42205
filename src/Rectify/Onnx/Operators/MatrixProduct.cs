using Rectify.Kernels;
using Rectify.Kernels.Gemm;
using Rectify.Tensors;

namespace Rectify.Onnx.Operators;

/// <summary>y [rows,columns] = a [rows,depth] · b, by the engine's multiplication, which wants columns in sixteens.</summary>
internal static class MatrixProduct
{
    /// <summary>Overwrites y.</summary>
    /// <param name="rows">Rows of a and y.</param>
    /// <param name="columns">Columns of y.</param>
    /// <param name="depth">Columns of a.</param>
    /// <param name="a">[rows,depth].</param>
    /// <param name="b">[depth,columns].</param>
    /// <param name="y">[rows,columns].</param>
    /// <param name="context">Threads and vector width.</param>
    public static void Run(int rows, int columns, int depth, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, KernelContext context)
    {
        int wide = Wide(columns);
        using NativeBuffer padded = new(wide == columns ? 0 : (long)depth * wide);
        using NativeBuffer product = new(wide == columns ? 0 : (long)rows * wide);
        if (wide == columns)
        {
            Multiply(rows, columns, depth, a, b, y, context);
            return;
        }

        for (int i = 0; i < depth; i++)
        {
            b.Slice(i * columns, columns).CopyTo(padded.Slice((long)i * wide, columns));
        }

        Span<float> whole = product.Slice(0, checked(rows * wide));
        Multiply(rows, wide, depth, a, padded.Slice(0, checked(depth * wide)), whole, context);
        for (int i = 0; i < rows; i++)
        {
            whole.Slice(i * wide, columns).CopyTo(y[(i * columns)..]);
        }
    }

    /// <summary>Overwrites y with a · bᵀ; b, the weights of a layer, is read as it lies.</summary>
    /// <param name="rows">Rows of a and y.</param>
    /// <param name="columns">Columns of y, rows of b.</param>
    /// <param name="depth">Columns of a and of b.</param>
    /// <param name="a">[rows,depth].</param>
    /// <param name="b">[columns,depth].</param>
    /// <param name="y">[rows,columns].</param>
    /// <param name="context">Threads and vector width.</param>
    public static void RunTransposed(int rows, int columns, int depth, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, KernelContext context)
    {
        // yᵀ = b·aᵀ.
        int wide = Wide(rows);
        using NativeBuffer turned = new((long)depth * wide);
        using NativeBuffer product = new((long)columns * wide);
        Span<float> right = turned.Slice(0, checked(depth * wide));
        for (int i = 0; i < rows; i++)
        {
            for (int d = 0; d < depth; d++)
            {
                right[(d * wide) + i] = a[(i * depth) + d];
            }
        }

        Span<float> whole = product.Slice(0, checked(columns * wide));
        Multiply(columns, wide, depth, b, right, whole, context);
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < columns; k++)
            {
                y[(i * columns) + k] = whole[(k * wide) + i];
            }
        }
    }

    private static void Multiply(int rows, int columns, int depth, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, KernelContext context)
    {
        using NativeBuffer scratch = new(MatrixMultiply.ScratchLength(columns, context.Workers.Count));
        MatrixMultiply.Run(rows, columns, depth, a, b, y, scratch.Slice(0, checked((int)scratch.Length)), context);
    }

    private static int Wide(int columns) => MapShape.Blocks(columns) * MapShape.ChannelBlock;
}
