namespace Rectify.Onnx.Operators;

/// <summary>A convolution's sizes and numbers: x [N,C,H,W], w [K,C/groups,R,S], b [K], y [N,K,P,Q].</summary>
internal sealed record ConvolutionData(int N, int C, int K, int Groups, WindowAxis Rows, WindowAxis Columns, float[] X, float[] W, float[]? B, float[] Y)
{
    /// <summary>Numbers of a channel of the input.</summary>
    public int InputPlane => Rows.Size * Columns.Size;

    /// <summary>Numbers of a channel of the output.</summary>
    public int OutputPlane => Rows.Outputs * Columns.Outputs;
}
