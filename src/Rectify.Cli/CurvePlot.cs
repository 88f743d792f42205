using Rectify.Reproduction;
using static System.FormattableString;

namespace Rectify.Cli;

/// <summary>Curves as characters: a mark a curve, a column for some steps together, their mean as its height.</summary>
internal static class CurvePlot
{
    private const int Columns = 72;
    private const int Rows = 14;
    private const string Marks = "●○◆◇";
    private const char Both = '◉';

    /// <summary>Writes a plot with an axis of values and a legend; values that are not finite are left out.</summary>
    public static void Write(TextWriter people, IReadOnlyList<ResultCurve> curves)
    {
        double[][] columns = [.. curves.Select(curve => Squeezed(curve.Values))];
        double[] finite = [.. columns.SelectMany(values => values).Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            return;
        }

        (double least, double most) = (finite.Min(), finite.Max());
        double height = Math.Max(most - least, 1e-9);
        char[][] grid = [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Repeat(' ', Columns).ToArray())];
        for (int curve = 0; curve < columns.Length; curve++)
        {
            for (int x = 0; x < columns[curve].Length; x++)
            {
                if (double.IsFinite(columns[curve][x]))
                {
                    ref char cell = ref grid[(int)Math.Round((most - columns[curve][x]) / height * (Rows - 1))][x];
                    cell = cell == ' ' ? Marks[curve % Marks.Length] : Both;
                }
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            string label = row is 0 or Rows - 1 or Rows / 2 ? Invariant($"{most - (height * row / (Rows - 1)),8:F3}") : new string(' ', 8);
            people.WriteLine($"{label} │{new string(grid[row]).TrimEnd()}");
        }

        int longest = curves.Max(curve => curve.Values.Count);
        string end = Invariant($"{longest} {curves[0].Unit}s");
        people.WriteLine($"{new string(' ', 8)} └{new string('─', Columns)}");
        people.WriteLine($"{new string(' ', 10)}{end.PadLeft(Math.Min(Columns, columns.Max(values => values.Length)))}");
        people.WriteLine($"{new string(' ', 10)}{string.Join("   ", curves.Select((curve, i) => $"{Marks[i % Marks.Length]} {curve.Name}"))}");
    }

    // At most so many values as there are columns, each the mean of as many; short curves are spread over the columns.
    private static double[] Squeezed(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return [];
        }

        double[] columns = new double[Columns];
        for (int x = 0; x < Columns; x++)
        {
            int from = (int)((long)x * values.Count / Columns);
            int to = Math.Max(from + 1, (int)((x + 1L) * values.Count / Columns));
            columns[x] = values.Skip(from).Take(to - from).Average();
        }

        return columns;
    }
}
