using Rectify.Evaluation;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

public sealed class ScoreAlignmentTests
{
    private static readonly ScoreTable Table = RandomScores.Table(40, 5, 1);

    [Fact]
    public void To_OtherOrderOfClasses_GoesByName()
    {
        ScoreTable aligned = ScoreAlignment.To(new ScoreMember("a", Table), new ScoreMember("b", RandomScores.Reversed(Table)));
        Assert.True(RandomScores.AreSame(Table, aligned));
        Assert.Equal(Table.Classes, aligned.Classes);
        Assert.Same(Table, ScoreAlignment.To(new ScoreMember("a", Table), new ScoreMember("b", Table)));

        // A fingerprint covers the order of the classes, so here it is another one for the same images.
        ScoreTable reversed = RandomScores.Reversed(Table, "1:of the other order");
        Assert.True(RandomScores.AreSame(Table, ScoreAlignment.To(new ScoreMember("a", Table), new ScoreMember("b", reversed))));
    }

    [Theory]
    [InlineData("fingerprint", "different images")]
    [InlineData("count", "different images")]
    [InlineData("names", "different images")]
    [InlineData("class", "'other' is in b.file alone")]
    [InlineData("fewer classes", "'class 4' is in a.file alone")]
    [InlineData("twice", "'class 1' twice is in b.file")]
    [InlineData("label", "disagree on what is right")]
    public void To_OtherImagesOrClasses_NamesBoth(string wrong, string reason)
    {
        string[] classes = [.. Table.Classes];
        int[] labels = Table.Labels.ToArray();
        string[] names = [.. Table.Names];
        ScoreOrigin origin = Table.Origin;
        switch (wrong)
        {
            case "fingerprint":
                origin = origin with { ImagesFingerprint = "1:other" };
                break;
            case "count":
                (labels, names) = (labels[1..], names[1..]);
                break;
            case "names":
                origin = origin with { ImagesFingerprint = "" };
                names[3] = "other";
                break;
            case "class":
                classes[2] = "other";
                break;
            case "fewer classes":
                classes = classes[..4];
                labels = [.. labels.Select(label => Math.Min(label, 3))];
                break;
            case "twice":
                classes[2] = "class 1";
                break;
            default:
                labels[5] = (labels[5] + 1) % 5;
                break;
        }

        ScoreTable other = new(origin, classes, names, labels);
        RectifyException e = Assert.Throws<RectifyException>(() => ScoreAlignment.To(new ScoreMember("a.file", Table), new ScoreMember("b.file", other)));
        Assert.Contains("a.file", e.Message, StringComparison.Ordinal);
        Assert.Contains("b.file", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void To_NoFingerprintButTheSameNames_IsAccepted()
    {
        ScoreTable other = new(Table.Origin with { ImagesFingerprint = "" }, Table.Classes, Table.Names, Table.Labels);
        Assert.Same(other, ScoreAlignment.To(new ScoreMember("a", Table), new ScoreMember("b", other)));
    }
}
