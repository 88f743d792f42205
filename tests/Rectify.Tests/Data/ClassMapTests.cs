using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class ClassMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new TemporaryFolder().Add("b/1.jpg", 1).Add("c/1.jpg", 2);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_ClassesInAnotherOrder_GoesByNameAndKeepsTheKeys()
    {
        IDataset mapped = ClassMap.Apply(Data(), ["c", "a", "b"]);
        Assert.Equal([2, 0], Enumerable.Range(0, 2).Select(mapped.Label));
        Assert.Equal(["c", "a", "b"], mapped.Classes);
        Assert.Equal(["b/1.jpg", "c/1.jpg"], Enumerable.Range(0, 2).Select(((IKeyed)mapped).Key));
        Assert.Equal(["a"], ClassMap.Missing(mapped));
    }

    [Fact]
    public void Apply_UnknownClasses_NamesThemAll()
    {
        string message = Assert.Throws<RectifyException>(() => ClassMap.Apply(Data(), ["a", "d"])).Message;
        Assert.Contains("classes 'b', 'c' that the network does not know; it knows 'a', 'd'", message, StringComparison.Ordinal);
    }

    private IDataset Data() => ImageFolder.Open(_folder.Root, new TemporaryFolder.OneByteDecoder());
}
