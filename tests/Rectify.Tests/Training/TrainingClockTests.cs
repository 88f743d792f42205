using Rectify.Training;

namespace Rectify.Tests.Training;

[Trait("Width", "any")]
public sealed class TrainingClockTests
{
    [Fact]
    public void Report_OfMoreEpochsThanAnybodyWaitsFor_HasATime()
    {
        TrainingClock clock = new(int.MaxValue, int.MaxValue, TrainingPosition.Start);
        clock.StartEpoch();
        Thread.Sleep(5);
        clock.Count(1, 1.0, 1);
        Assert.InRange(clock.Report(new TrainingPosition(0, 1, 1, 0), 0.01, TimeSpan.Zero).Remaining.TotalDays, 36_500, double.MaxValue);
    }
}
