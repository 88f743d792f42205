using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class ClassErrorsTests
{
    [Fact]
    public void Of_WithConfusions_AddUpToTheWhole()
    {
        ScoreTable table = RandomScores.Table(400, 9, 4);
        ErrorCounts counts = ErrorCounts.Of(table);
        IReadOnlyList<ClassErrors> classes = ClassErrors.Of(table);
        Assert.Equal((counts.Images, counts.Top1Errors, counts.Top5Errors), (classes.Sum(c => c.Images), classes.Sum(c => c.Top1Errors), classes.Sum(c => c.Top5Errors)));
        ConfusionMatrix matrix = ConfusionMatrix.Of(table);
        foreach (ClassErrors each in classes)
        {
            Assert.Equal(each.Images, Enumerable.Range(0, 9).Sum(answer => matrix[each.Class, answer]) + matrix.Unreadable(each.Class));
            Assert.Equal(each.Top1Errors, matrix.Mistakes(each.Class).Sum(mistake => mistake.Images) + matrix.Unreadable(each.Class));
            Assert.Equal(each.Top5Errors, ClassErrors.WrongImages(table, each.Class, 5).Count);
            int[] mistakes = [.. matrix.Mistakes(each.Class).Select(mistake => mistake.Images)];
            Assert.Equal(mistakes.OrderDescending(), mistakes);
        }

        double[] ascending = [.. ClassErrors.Ascending(classes, 1).Select(c => c.ErrorPercent(1))];
        Assert.Equal(ascending.Order(), ascending);
    }

    [Fact]
    public void Ascending_ClassWithoutImages_IsLeftOutOfTheOrder()
    {
        ScoreTable table = new(RandomScores.Origin(1), ["a", "b", "c"], ["0", "1"], [2, 0]);
        table.Set(1, [1, 0, 0]);
        IReadOnlyList<ClassErrors> classes = ClassErrors.Of(table);
        Assert.True(double.IsNaN(classes[1].ErrorPercent(1)));
        Assert.Equal(["a", "c"], ClassErrors.Ascending(classes, 1).Select(c => c.Name));
        Assert.Equal([0], ClassErrors.WrongImages(table, 2, 1));
    }
}
