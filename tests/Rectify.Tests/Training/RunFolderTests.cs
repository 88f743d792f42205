using Rectify.Data;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunFolderTests
{
    [Fact]
    public void Open_FolderWithASlashBehind_HasItsName()
    {
        using TemporaryFolder folder = new();
        (RunFolder made, RunLock taken) = RunFolder.Create(folder.At("run") + Path.DirectorySeparatorChar, "x");
        using (taken)
        {
            NewRun.Recipe.Save(made.RecipePath);
        }

        RunFolder opened = RunFolder.Open(folder.At("run") + Path.DirectorySeparatorChar);
        Assert.Equal(("run", folder.At("run")), (opened.Name, opened.FullPath));
    }

    [Fact]
    public void Create_FolderThatHoldsALockAlone_IsTaken()
    {
        using TemporaryFolder folder = new();
        (_, RunLock first) = RunFolder.Create(folder.At("run"), "x");
        Assert.Contains("Another process", Assert.Throws<RectifyException>(() => RunFolder.Create(folder.At("run"), "x")).Message, StringComparison.Ordinal);
        first.Dispose();
        (RunFolder run, RunLock second) = RunFolder.Create(folder.At("run"), "x");
        using (second)
        {
            NewRun.Recipe.Save(run.RecipePath);
            Assert.Contains("a run in", Assert.Throws<RectifyException>(() => RunFolder.Create(folder.At("run"), "x")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_WhereAProcessWasKilledWhileItWroteTheRecipe_BeginsAnew()
    {
        using TemporaryFolder folder = new();
        (RunFolder killed, RunLock first) = RunFolder.Create(folder.At("run"), "x");
        File.WriteAllText(killed.RecipePath + ".0123456789ab.tmp", "{");
        first.Dispose();
        (RunFolder run, RunLock second) = RunFolder.Create(folder.At("run"), "x");
        using (second)
        {
            Assert.All(Directory.EnumerateFileSystemEntries(run.FullPath), entry => Assert.StartsWith(".lock", Path.GetFileName(entry), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Load_DamagedCheckpoint_NamesAGoodOne()
    {
        using NewRun made = new();
        RunFolder run = made.Folder;
        NewRun.Recipe.Save(run.RecipePath);
        Assert.Contains("--resume", Assert.Throws<RectifyException>(() => run.Load()).Message, StringComparison.Ordinal);
        Save(made, step: 1);
        Save(made, step: 2);

        run.Load().Dispose();
        byte[] bytes = File.ReadAllBytes(run.Checkpoints.WeightsPath("last"));
        bytes[^1] ^= 1;
        File.WriteAllBytes(run.Checkpoints.WeightsPath("last"), bytes);
        string message = Assert.Throws<RectifyException>(() => run.Load()).Message;
        Assert.Contains("last.safetensors is damaged", message, StringComparison.Ordinal);
        Assert.Contains("--checkpoint last-1", message, StringComparison.Ordinal);
        run.Load("last-1").Dispose();
        Assert.Contains("it has last, last-1", Assert.Throws<RectifyException>(() => run.Load("best")).Message, StringComparison.Ordinal);
    }

    private static void Save(NewRun made, int step) =>
        made.Folder.Checkpoints.SaveLast(made.Trainer.Network, MeanImage.Zero(NewRun.Recipe.Size), made.Trainer.Optimizer, new TrainingPosition(0, step, step, 9));
}
