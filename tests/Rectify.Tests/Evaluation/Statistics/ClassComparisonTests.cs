using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class ClassComparisonTests
{
    [Fact]
    public void Of_Two_CountsClassesAsFigure7()
    {
        ScoreTable Of(params float[] rightOf)
        {
            ScoreTable table = new(RandomScores.Origin(1), ["a", "b", "c", "d"], ["0", "1", "2", "3", "4", "5"], [0, 0, 1, 1, 2, 2]);
            for (int i = 0; i < 6; i++)
            {
                float[] row = [0.3f, 0.3f, 0.3f, 0.3f];
                row[table.Labels[i]] = rightOf[i];
                table.Set(i, row);
            }

            return table;
        }

        ClassComparison comparison = ClassComparison.Of(Of(0, 0, 1, 0, 1, 1), Of(1, 1, 0, 1, 0, 1), 1);
        Assert.Equal((1, 1, 1), (comparison.Improved, comparison.Unchanged, comparison.Worse));
        Assert.Equal([("c", -50.0), ("b", 0.0), ("a", 100.0)], comparison.Classes.Select(each => (each.Name, each.Reduction)));
    }
}
