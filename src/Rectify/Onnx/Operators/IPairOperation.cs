namespace Rectify.Onnx.Operators;

/// <summary>What is computed of two numbers.</summary>
internal interface IPairOperation
{
    static abstract float Of(float a, float b);

    static abstract long Of(long a, long b);
}
