using Rectify.Formats;
using Rectify.Tests.Data;

namespace Rectify.Tests.Formats;

public sealed class AtomicFileTests
{
    [Fact]
    public void Write_ThatFails_LeavesTheOldFileAndNothingElse()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Root, "file");
        File.WriteAllText(path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            throw new IOException("the disk is full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_TwoWritersAtOnce_BothEndWholeAndTheLastStands()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("file");
        AtomicFile.Write(path, outer =>
        {
            outer.Write("outer"u8);
            AtomicFile.Write(path, inner => inner.Write("inner"u8));
            Assert.Equal("inner", File.ReadAllText(path));
        });
        Assert.Equal("outer", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void DeleteLeftovers_TakesThoseOfTheDeadAlone()
    {
        using TemporaryFolder folder = new();
        folder.Add("checkpoints/last.safetensors.0123456789ab.tmp", 1)
            .Add("last.safetensors.ba9876543210.tmp", 1)
            .Add("notes.tmp", 1)
            .Add("last.0123456789AB.tmp", 1)
            .Add("last.safetensors", 1);
        AtomicFile.Write(folder.At("checkpoints/living"), stream =>
        {
            Assert.Equal(2, AtomicFile.DeleteLeftovers(folder.Root));
            Assert.Equal(0, AtomicFile.DeleteLeftovers(folder.Root));
            stream.Write("lives"u8);
        });
        string[] left = [.. Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["last.0123456789AB.tmp", "last.safetensors", "living", "notes.tmp"], left);
        Assert.Equal("lives", File.ReadAllText(folder.At("checkpoints/living")));
        Assert.Equal(0, AtomicFile.DeleteLeftovers(folder.At("no such folder")));
    }

    [Fact]
    public void FolderFlush_OnUnix_Works()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(!OperatingSystem.IsWindows(), FolderFlush.Try(folder.Root));
        Assert.False(FolderFlush.Try(folder.At("no such folder")));
    }
}
