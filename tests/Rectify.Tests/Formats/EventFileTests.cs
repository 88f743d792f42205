using System.Text.Json;
using Rectify.Formats;
using Rectify.Tests.Data;

namespace Rectify.Tests.Formats;

public sealed class EventFileTests
{
    private static readonly TimeProvider Clock = new FixedClock();

    [Fact]
    public void Flush_ScalarsAndAStart_AreTheBytesThatProtocGives()
    {
        using TemporaryFolder folder = new();
        EventFile file = new(folder.At("events"), Clock);
        file.AddStart(301);
        file.Add(301, new EventScalar("training/loss", 2.25), new EventScalar("training/rate", 0.01));
        file.Flush();
        file.Add(5_000_000_000, new EventScalar("slope/块1/conv1", -0.125), new EventScalar("validation/top1Error", 0));
        file.Add(0, new EventScalar(string.Concat(Enumerable.Repeat("long/", 40)), 1e30));
        file.Flush();
        file.Flush();
        using Stream stream = typeof(EventFileTests).Assembly.GetManifestResourceStream("events.json")!;
        Assert.Equal(JsonDocument.Parse(stream).RootElement.GetProperty("file").GetString(), Convert.ToHexStringLower(File.ReadAllBytes(file.Path)));
    }

    [Fact]
    public void Flush_WhatWasAdded_ComesBack()
    {
        using TemporaryFolder folder = new();
        EventFile file = new(folder.At("events"), Clock);
        file.AddStart(1);
        file.Add(7, new EventScalar("a", 0.5), new EventScalar("b", double.NaN));
        file.Add(8);
        file.Flush();
        IReadOnlyList<RecordedEvent> events = RecordedEvent.Read(File.ReadAllBytes(file.Path));
        Assert.Equal(3, events.Count);
        Assert.All(events, e => Assert.Equal(1_700_000_000.25, e.WallTime));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((1, 1), (events[1].SessionStatus, events[1].Step));
        Assert.Equal(7, events[2].Step);
        Assert.Equal([("a", 0.5f), ("b", float.NaN)], events[2].Scalars);
    }

    [Fact]
    public void Read_FileThatAKillCutOff_GivesAllThatIsWhole()
    {
        using TemporaryFolder folder = new();
        EventFile file = new(folder.At("events"), Clock);
        file.Add(1, new EventScalar("a", 1));
        file.Flush();
        byte[] bytes = File.ReadAllBytes(file.Path);
        Assert.Equal(2, RecordedEvent.Read(bytes).Count);
        Assert.Single(RecordedEvent.Read(bytes.AsSpan(0, bytes.Length - 1)));
    }

    [Fact]
    public void Flush_PlaceThatFailsForAWhile_KeepsWhatWasAddedAndOverwritesATornRecord()
    {
        using TemporaryFolder folder = new();
        EventFile file = new(folder.At("deeper/events"), Clock);
        file.Add(1, new EventScalar("a", 1));
        Assert.ThrowsAny<IOException>(file.Flush);
        file.Add(2, new EventScalar("a", 2));
        Directory.CreateDirectory(folder.At("deeper"));
        file.Flush();

        // What a full disk leaves of a write that it ended in the middle.
        File.AppendAllText(file.Path, "half a record");
        file.Add(3, new EventScalar("a", 3));
        file.Flush();
        Assert.Equal([0, 1, 2, 3], RecordedEvent.Read(File.ReadAllBytes(file.Path)).Select(e => e.Step));
    }

    [Fact]
    public void Flush_FileThatWasRemoved_IsBegunAnew()
    {
        using TemporaryFolder folder = new();
        EventFile file = new(folder.At("events"), Clock);
        file.Add(1, new EventScalar("a", 1));
        file.Flush();
        File.Delete(file.Path);
        file.Add(2, new EventScalar("a", 2));
        file.Flush();
        Assert.Equal(["brain.Event:2", null], RecordedEvent.Read(File.ReadAllBytes(file.Path)).Select(e => e.Version));
    }

    [Fact]
    public void Add_MoreThanAFullDiskMayKeepBack_GivesUpTheOldest()
    {
        using TemporaryFolder folder = new();
        EventFile file = new(folder.At("events"), Clock);
        for (int step = 1; step <= 60_000; step++)
        {
            file.Add(step, new EventScalar("a tag of some length, so that it is soon full; a tag of some length", step));
        }

        file.Flush();
        Assert.InRange(new FileInfo(file.Path).Length, 1, 5 << 20);
        IReadOnlyList<RecordedEvent> events = RecordedEvent.Read(File.ReadAllBytes(file.Path));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(60_000, events[^1].Step);
    }

    [Fact]
    public void NewPath_HostOfAnyName_IsSafeAndNew()
    {
        using TemporaryFolder folder = new();
        string path = EventFile.NewPath(folder.Root, FixedClock.Now, "a/b ü:1.local");
        Assert.Equal(folder.At("events.out.tfevents.1700000000.a-b---1.local"), path);
        File.WriteAllText(path, "");
        Assert.Equal(path + ".1", EventFile.NewPath(folder.Root, FixedClock.Now, "a/b ü:1.local"));
        Assert.EndsWith(".0000000005.localhost", EventFile.NewPath(folder.Root, DateTimeOffset.FromUnixTimeSeconds(5), ""), StringComparison.Ordinal);
        Assert.InRange(Path.GetFileName(EventFile.NewPath(folder.Root, FixedClock.Now, new string('x', 1000))).Length, 1, 128);
    }
}
