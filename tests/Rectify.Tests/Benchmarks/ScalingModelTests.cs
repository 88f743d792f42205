using Rectify.Benchmarks;
using Rectify.Execution;

namespace Rectify.Tests.Benchmarks;

public sealed class ScalingModelTests
{
    private static readonly LoggedPart Part = new([new LoggedJob(10, 1.0), new LoggedJob(1, 0.5)], 0.1);

    [Fact]
    public void Reckon_JobsOnFourCores_TakeTheRoundsOfTheirChunks()
    {
        ScalingPart part = new ScalingModel(100, 50, 0.001).Reckon("conv", StepPass.Forward, Part, 0.2, 4);

        // Ten chunks on four cores take three rounds, one chunk one core's time; a job of one chunk is not handed out.
        Assert.Equal(0.3 + 0.5 + 0.1 + 0.001, part.Seconds(4), 1e-12);
        Assert.Equal(0.3 - 0.25 + 0.5 - 0.125, part.UnevenSeconds, 1e-12);
        Assert.Equal(0.0, part.MemorySeconds);
    }

    [Fact]
    public void Reckon_MemorySlowerThanCores_TakesItsTime()
    {
        ScalingPart part = new ScalingModel(100, 50, 0.0).Reckon("fc", StepPass.Forward, Part, 3.0, 4);
        Assert.Equal(3.0 + 0.1, part.Seconds(4), 1e-12);
    }

    [Fact]
    public void Reckon_OneCore_TakesWhatWasMeasured()
    {
        ScalingPart part = new ScalingModel(100, 50, 0.001).Reckon("conv", StepPass.Forward, Part, 9.0, 1);
        Assert.Equal(1.6, part.Seconds(1), 1e-12);
    }
}
