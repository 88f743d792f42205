using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunLogTests
{
    [Fact]
    public void CutAfter_LinesBeyondTheCheckpointAndTornOnes_AreRemoved()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("log.jsonl");
        File.WriteAllText(
            path,
            """
            {"kind":"step","epoch":1,"step":1}
            {"kind":"step","epoch":1,"step":2}
            {"kind":"epoch","epoch":1,"step":2}
            {"kind":"step","epoch":2,"step":3}
            {"kind":"epoch","epoch":2,"step":3}
            {"kind":"step","ep
            """);
        new RunLog(path).CutAfter(new TrainingPosition(1, 1, 3, 0));
        Assert.Equal(4, File.ReadAllLines(path).Length);
        Assert.EndsWith("\"step\":3}\n", File.ReadAllText(path), StringComparison.Ordinal);
        new RunLog(path).CutAfter(new TrainingPosition(1, 0, 2, 0));
        Assert.Equal(3, File.ReadAllLines(path).Length);
        new RunLog(path).CutAfter(TrainingPosition.Start);
        Assert.Empty(File.ReadAllLines(path));
        Assert.Single(Directory.EnumerateFiles(folder.Root));
    }

    [Fact]
    public void Flush_PlaceThatCannotBeWritten_KeepsTheLinesForTheNextTime()
    {
        using TemporaryFolder folder = new();
        RunLog log = new(folder.At("deeper/log.jsonl"));
        log.Add(json => json.WriteNumber("step", 1));
        Assert.ThrowsAny<IOException>(log.Flush);
        log.Add(json => json.WriteNumber("step", 2));
        Directory.CreateDirectory(folder.At("deeper"));
        log.Flush();
        log.Flush();
        Assert.Equal(["{\"step\":1}", "{\"step\":2}"], File.ReadAllLines(folder.At("deeper/log.jsonl")));
    }
}
