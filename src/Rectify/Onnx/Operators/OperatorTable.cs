namespace Rectify.Onnx.Operators;

/// <summary>All operators that are supported.</summary>
internal static class OperatorTable
{
    private const int Any = int.MaxValue;

    /// <summary>They, in the order of their names.</summary>
    public static IReadOnlyList<OperatorEntry> All { get; } =
    [
        new("Add", 7, 2, 2, [], Pairwise.Add),
        new("AveragePool", 1, 1, 1, ["auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides"], AveragePoolOperator.Run),
        new("BatchNormalization", 7, 5, 5, ["epsilon", "momentum", "spatial", "training_mode"], NormalizationOperator.Run),
        new("Cast", 6, 1, 1, ["saturate", "to"], CastOperator.Run),
        new("Concat", 4, 1, Any, ["axis"], RearrangingOperators.Concat),
        new("Constant", 1, 0, 0, ["value", "value_float", "value_floats", "value_int", "value_ints"], ConstantOperator.Run),
        new("Conv", 1, 2, 3, ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"], ConvolutionOperator.Run),
        new("Div", 7, 2, 2, [], Pairwise.Div),
        new("Dropout", 7, 1, 3, ["ratio", "seed"], Pointwise.Dropout),
        new("Flatten", 1, 1, 1, ["axis"], ShapeOperators.Flatten),
        new("Gather", 1, 2, 2, ["axis"], RearrangingOperators.Gather),
        new("Gemm", 7, 2, 3, ["alpha", "beta", "transA", "transB"], GemmOperator.Run),
        new("GlobalAveragePool", 1, 1, 1, [], GlobalPools.Average),
        new("GlobalMaxPool", 1, 1, 1, [], GlobalPools.Max),
        new("Identity", 1, 1, 1, [], Pointwise.Identity),
        new("LeakyRelu", 6, 1, 1, ["alpha"], Pointwise.LeakyRelu),
        new("LogSoftmax", 1, 1, 1, ["axis"], SoftmaxOperators.LogSoftmax),
        new("MatMul", 1, 2, 2, [], MatMulOperator.Run),
        new("MaxPool", 1, 1, 1, ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"], MaxPoolOperator.Run),
        new("Mul", 7, 2, 2, [], Pairwise.Mul),
        new("PRelu", 7, 2, 2, [], Pairwise.PRelu),
        new("ReduceMax", 1, 1, 2, ["axes", "keepdims", "noop_with_empty_axes"], ReducingOperators.Max),
        new("ReduceMean", 1, 1, 2, ["axes", "keepdims", "noop_with_empty_axes"], ReducingOperators.Mean),
        new("Relu", 6, 1, 1, [], Pointwise.Relu),
        new("Reshape", 5, 2, 2, ["allowzero"], ShapeOperators.Reshape),
        new("Resize", 11, 1, 4, ResizeOperator.Attributes, ResizeOperator.Run),
        new("Shape", 1, 1, 1, ["end", "start"], ShapeOperators.Shape),
        new("Slice", 1, 1, 5, ["axes", "ends", "starts"], RearrangingOperators.Slice),
        new("Softmax", 1, 1, 1, ["axis"], SoftmaxOperators.Softmax),
        new("Squeeze", 1, 1, 2, ["axes"], ShapeOperators.Squeeze),
        new("Sub", 7, 2, 2, [], Pairwise.Sub),
        new("Sum", 8, 1, Any, [], Pairwise.Sum),
        new("Transpose", 1, 1, 1, ["perm"], RearrangingOperators.Transpose),
        new("Unsqueeze", 1, 1, 2, ["axes"], ShapeOperators.Unsqueeze),
    ];

    private static readonly Dictionary<string, OperatorEntry> ByName = All.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>The operator of a name, or null.</summary>
    public static OperatorEntry? Find(string name) => ByName.GetValueOrDefault(name);
}
