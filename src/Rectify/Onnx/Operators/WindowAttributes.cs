using Rectify.Onnx.Graphs;

namespace Rectify.Onnx.Operators;

/// <summary>kernel_shape, strides, dilations, pads, auto_pad and ceil_mode: what they say about a window over maps [N,C,H,W], or [N,C,W], which is a map of one row.</summary>
internal static class WindowAttributes
{
    /// <summary>The most that one of these numbers may be; beyond it nothing that fits a memory is meant.</summary>
    private const long Most = 1 << 24;

    /// <summary>The window along rows and along columns.</summary>
    /// <param name="call">The node.</param>
    /// <param name="input">[N,C,H,W] or [N,C,W].</param>
    /// <param name="taps">The window's size along each axis; null to take it from kernel_shape.</param>
    public static (WindowAxis Rows, WindowAxis Columns) Read(OperatorCall call, int[] input, int[]? taps = null)
    {
        int axes = input.Length - 2;
        if (axes is not (1 or 2))
        {
            throw call.Error($"its input is {GraphValue.ShapeText(input)}, and [N,C,H,W] or [N,C,W] is due");
        }

        long[] kernel = List(call, "kernel_shape", axes, 1) ?? (taps is null ? throw call.Error("it has no kernel_shape") : [.. taps.Select(t => (long)t)]);
        if (taps is not null && !kernel.SequenceEqual(taps.Select(t => (long)t)))
        {
            throw call.Error($"its kernel_shape is [{string.Join(',', kernel)}] and its weights have {GraphValue.ShapeText(taps)}");
        }

        long[] strides = List(call, "strides", axes, 1) ?? [.. Enumerable.Repeat(1L, axes)];
        long[] dilations = List(call, "dilations", axes, 1) ?? [.. Enumerable.Repeat(1L, axes)];
        long[] pads = List(call, "pads", 2 * axes, 0) ?? new long[2 * axes];
        string automatic = call.Text("auto_pad", "NOTSET");
        if (automatic is not ("NOTSET" or "SAME_UPPER" or "SAME_LOWER" or "VALID"))
        {
            throw call.Error($"its auto_pad is '{automatic}', and NOTSET, SAME_UPPER, SAME_LOWER or VALID is due");
        }

        if (automatic != "NOTSET" && pads.Any(pad => pad != 0))
        {
            throw call.Error($"it has both pads and auto_pad {automatic}");
        }

        WindowAxis[] windows = [.. Enumerable.Range(0, axes).Select(axis => Axis(
            call, automatic, input[axis + 2], (int)kernel[axis], (int)strides[axis], (int)dilations[axis], ((int)pads[axis], (int)pads[axis + axes])))];
        return axes == 2 ? (windows[0], windows[1]) : (new WindowAxis(1, 1, 1, 1, 0, 0, 1), windows[0]);
    }

    /// <summary>The shape of the output: [N,channels] and the places along each axis.</summary>
    public static int[] Output(int[] input, int channels, WindowAxis rows, WindowAxis columns) =>
        input.Length == 4 ? [input[0], channels, rows.Outputs, columns.Outputs] : [input[0], channels, columns.Outputs];

    private static long[]? List(OperatorCall call, string name, int length, long least)
    {
        long[]? values = call.Wholes(name);
        return values is null || (values.Length == length && values.All(value => value >= least && value <= Most))
            ? values
            : throw call.Error($"its {name} is [{string.Join(',', values)}], and {length} numbers of at least {least} are due");
    }

    private static WindowAxis Axis(OperatorCall call, string automatic, int size, int taps, int stride, int dilation, (int Before, int After) pads)
    {
        long reach = ((taps - 1L) * dilation) + 1;
        if (automatic.StartsWith("SAME", StringComparison.Ordinal))
        {
            int outputs = size == 0 ? 0 : ((size - 1) / stride) + 1;
            long padding = Math.Max(0, ((outputs - 1L) * stride) + reach - size);
            int smaller = checked((int)(padding / 2));
            int larger = checked((int)(padding - smaller));
            return automatic == "SAME_UPPER"
                ? new WindowAxis(size, taps, stride, dilation, smaller, larger, outputs)
                : new WindowAxis(size, taps, stride, dilation, larger, smaller, outputs);
        }

        long room = (long)size + pads.Before + pads.After - reach;
        if (room < 0)
        {
            throw call.Error($"its window reaches over {reach} and its input, padded, has {room + reach}");
        }

        long places = (room / stride) + 1;

        if (call.Has("ceil_mode") && call.Flag("ceil_mode"))
        {
            // Rounded up; a last window that would begin behind the input is left out.
            places = ((room + stride - 1) / stride) + 1;
            places -= (places - 1) * stride >= (long)size + pads.Before ? 1 : 0;
        }

        return new WindowAxis(size, taps, stride, dilation, pads.Before, pads.After, checked((int)places));
    }
}
