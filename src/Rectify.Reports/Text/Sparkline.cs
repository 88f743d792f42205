namespace Rectify.Reports;

/// <summary>A curve in a line of text.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>Numbers as blocks, the least the lowest; means of neighbours where there are more numbers than places.</summary>
    /// <param name="values">The numbers; those that are not finite become blanks.</param>
    /// <param name="width">Places at most, at least 1.</param>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        int places = Math.Min(values.Count, width);
        double[] means = [.. Enumerable.Range(0, places).Select(i => Mean(values, (int)((long)i * values.Count / places), (int)((i + 1L) * values.Count / places)))];
        double[] finite = [.. means.Where(double.IsFinite)];
        (double least, double most) = finite.Length > 0 ? (finite.Min(), finite.Max()) : (0, 0);
        double step = most > least ? (Levels.Length - 1) / (most - least) : 0.0;
        return string.Concat(means.Select(mean => double.IsFinite(mean) ? Levels[(int)Math.Round((mean - least) * step)] : ' '));
    }

    private static double Mean(IReadOnlyList<double> values, int from, int to)
    {
        double[] finite = [.. Enumerable.Range(from, to - from).Select(i => values[i]).Where(double.IsFinite)];
        return finite.Length > 0 ? finite.Average() : double.NaN;
    }
}
