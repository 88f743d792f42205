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
}
