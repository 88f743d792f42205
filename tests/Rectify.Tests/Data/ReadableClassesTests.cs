using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class ReadableClassesTests
{
    [Fact]
    public void Check_ClassWithoutAReadablePicture_NamesClassAndFile()
    {
        using TemporaryFolder folder = new();
        folder.Add("cat/1.jpg", 7).Add("cat/2.jpg", 8).Add("dog/1.jpg", 1, 2, 3).Add("dog/2.jpg", 4, 5);
        RectifyException e = Assert.Throws<RectifyException>(
            () => ReadableClasses.Check(ImageFolder.Open(folder.Root, new TemporaryFolder.OneByteDecoder())));
        Assert.Contains("'dog'", e.Message, StringComparison.Ordinal);
        Assert.Contains("1.jpg", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OneReadablePictureAClass_Passes()
    {
        using TemporaryFolder folder = new();
        folder.Add("cat/1.jpg", 7).Add("dog/1.jpg", 1, 2, 3).Add("dog/2.jpg", 4);
        ReadableClasses.Check(ImageFolder.Open(folder.Root, new TemporaryFolder.OneByteDecoder()));
    }
}
