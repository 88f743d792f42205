using Rectify.Reproduction;

namespace Rectify.Tests.Reproduction;

[Trait("Width", "any")]
public sealed class TimeLeftTests
{
    [Fact]
    public void Seconds_BeforeAnythingIsDone_AreWhatWasExpected() => Assert.Equal(60, new TimeLeft([10, 20, 30]).Seconds);

    [Fact]
    public void Seconds_AfterSlowWorks_AreLongerInProportion()
    {
        TimeLeft left = new([10, 20, 30]);
        left.Finish(15);
        Assert.Equal(75, left.Seconds);
        left.Finish(45);
        Assert.Equal(60, left.Seconds);
        left.Finish(1);
        Assert.Equal(0, left.Seconds);
    }

    [Fact]
    public void Seconds_AfterAPart_AreExpectedAsBefore()
    {
        TimeLeft left = new([10, 20]);
        left.Finish(null);
        Assert.Equal(20, left.Seconds);
    }
}
