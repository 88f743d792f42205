namespace Rectify.Evaluation;

/// <summary>The weighted mean of tables that are aligned, row by row: summed in float64 in the order of the tables, rounded to float32 once.</summary>
internal sealed class ScoreMean
{
    private readonly ScoreTable[] _tables;
    private readonly double[] _weights;
    private readonly double _total;
    private readonly double[] _sums;
    private readonly float[] _row;

    public ScoreMean(IEnumerable<ScoreTable> tables, IEnumerable<double> weights)
    {
        (_tables, _weights) = ([.. tables], [.. weights]);
        _total = _weights.Sum();
        _sums = new double[_tables[0].Classes.Count];
        _row = new float[_sums.Length];
    }

    /// <summary>Counts the errors without keeping the scores.</summary>
    public ErrorCounts Count()
    {
        ErrorCounter counter = new();
        for (int i = 0; i < _tables[0].Images; i++)
        {
            if (IsRead(i))
            {
                counter.Add(Row(i), _tables[0].Labels[i]);
            }
            else
            {
                counter.AddUnreadable();
            }
        }

        return counter.Counts;
    }

    /// <summary>Keeps the scores.</summary>
    public ScoreTable Table(ScoreOrigin origin)
    {
        ScoreTable table = new(origin, _tables[0].Classes, _tables[0].Names, _tables[0].Labels);
        for (int i = 0; i < table.Images; i++)
        {
            if (IsRead(i))
            {
                table.Set(i, Row(i));
            }
        }

        return table;
    }

    private bool IsRead(int image) => Array.TrueForAll(_tables, table => table.IsRead(image));

    private ReadOnlySpan<float> Row(int image)
    {
        Array.Clear(_sums);
        for (int m = 0; m < _tables.Length; m++)
        {
            ReadOnlySpan<float> scores = _tables[m].Scores(image);
            Span<double> sums = _sums.AsSpan(0, scores.Length);
            double weight = _weights[m];
            for (int k = 0; k < scores.Length; k++)
            {
                sums[k] += weight * scores[k];
            }
        }

        for (int k = 0; k < _row.Length; k++)
        {
            _row[k] = (float)(_sums[k] / _total);
        }

        return _row;
    }
}
