using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunLockTests
{
    [Fact]
    public void Ensure_FolderRemoved_TakesTheLockAnew()
    {
        using TemporaryFolder folder = new();
        string run = Directory.CreateDirectory(folder.At("run")).FullName;
        using RunLock first = RunLock.Take(run);
        first.Ensure();
        Assert.Null(RunLock.TryTake(run));
        Directory.Delete(run, recursive: true);
        first.Ensure();
        Assert.Null(RunLock.TryTake(run));
    }

    [Fact]
    public void Ensure_FolderRemovedAndTakenByAnother_SaysSo()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows(), "a file that is held cannot be removed there");
        using TemporaryFolder folder = new();
        string run = Directory.CreateDirectory(folder.At("run")).FullName;
        using RunLock first = RunLock.Take(run);
        Directory.Delete(run, recursive: true);
        _ = Directory.CreateDirectory(run);
        using RunLock second = RunLock.Take(run);
        Assert.Contains("was removed", Assert.Throws<RectifyException>(first.Ensure).Message, StringComparison.Ordinal);
        second.Ensure();
    }

    [Fact]
    public void TryTake_DiskThatIsFull_SaysSo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        using TemporaryFolder folder = new();
        _ = File.CreateSymbolicLink(folder.At(".lock-owner"), "/dev/full");
        Assert.Contains("cannot be written", Assert.Throws<RectifyException>(() => RunLock.TryTake(folder.Root)).Message, StringComparison.Ordinal);

        // And lets go of what it had.
        File.Delete(folder.At(".lock-owner"));
        RunLock.Take(folder.Root).Dispose();
    }
}
