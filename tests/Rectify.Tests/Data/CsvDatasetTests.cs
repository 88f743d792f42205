using System.Text;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class CsvDatasetTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("path,label\nb/2.jpg,dog\na 1.jpg,cat\n")]
    [InlineData("b/2.jpg,dog\na 1.jpg,cat")]
    [InlineData("\uFEFFPath,Label\r\nb/2.jpg,dog\r\n\r\na 1.jpg,cat\r\n")]
    [InlineData("\"b/2.jpg\",\"dog\"\n\"a 1.jpg\",cat\n")]
    [InlineData("b\\2.jpg,dog\na 1.jpg,cat\n")]
    public void Open_PathsAndLabels_SortsBothAndReadsBesideTheCsv(string text)
    {
        _ = _folder.Add("set/b/2.jpg", 2).Add("set/a 1.jpg", 1);
        IDataset data = Open(text);
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal([0, 1], Enumerable.Range(0, data.Count).Select(data.Label));
        Assert.Equal(new byte[] { 1, 2 }, Enumerable.Range(0, data.Count).Select(i => data.Read(i).Pixels[0]));
        Assert.Equal(["a 1.jpg", "b/2.jpg"], Enumerable.Range(0, data.Count).Select(((IKeyed)data).Key));
    }

    [Fact]
    public void Open_QuotedFields_KeepsCommasQuotesAndLineBreaks()
    {
        IDataset data = Open("\"a, b.jpg\",\"the \"\"x\"\"\"\n\"c\nd.jpg\",y\ne.jpg,y\n");
        Assert.Equal(["the \"x\"", "y"], data.Classes);
        Assert.Equal(["a, b.jpg", "c\nd.jpg", "e.jpg"], Enumerable.Range(0, 3).Select(((IKeyed)data).Key));
    }

    [Theory]
    [InlineData("a.jpg,x\nb.jpg\n", "line 2, has 1 field,")]
    [InlineData("a.jpg,x\nb.jpg,y,z\n", "line 2, has 3 fields,")]
    [InlineData("a.jpg,x\n,y\n", "line 2, has no path")]
    [InlineData("a.jpg,x\nb.jpg, \n", "line 2, has no label")]
    [InlineData("a.jpg,x\n/b.jpg,y\n", "line 2, has the path /b.jpg")]
    [InlineData("\"a\nb.jpg\",x\nc.jpg,y\nc.jpg,x\n", "line 4, names c.jpg again, which line 3 does")]
    [InlineData("a.jpg,x\n\"b.jpg,y\n", "line 2, has a quote that is never closed")]
    [InlineData("a.jpg,x\nb\"c.jpg,y\n", "line 2, has a quote in the middle")]
    [InlineData("a.jpg,x\n\"b\"c.jpg,y\n", "line 2, has a quote in the middle")]
    [InlineData("a.jpg,x\nb\0.jpg,y\n", "line 2, holds control characters")]
    [InlineData("a.jpg,x\nb.jpg,x\n", "single label, \"x\"")]
    [InlineData("path,label\n", "names no pictures")]
    [InlineData("", "names no pictures")]
    public void Open_BrokenRow_SaysTheLine(string text, string expected)
    {
        string message = Assert.Throws<RectifyException>(() => Open(text)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.At("set/data.csv"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BinaryGarbage_IsRefused()
    {
        _ = _folder.Add("set/data.csv", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 37))]);
        Assert.Contains("line 1", Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At("set/data.csv"), Decoder)).Message, StringComparison.Ordinal);
        _ = _folder.Add("set/latin.csv", [(byte)'a', 0xE9, (byte)',', (byte)'x', (byte)'\n']);
        Assert.Contains("not UTF-8", Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At("set/latin.csv"), Decoder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CsvReader.MaxLength - 6, true)]
    [InlineData(CsvReader.MaxLength - 2, false)]
    [InlineData(50_000_000, false)]
    public void Open_LongLine_IsRefusedWithoutReadingItWhole(int length, bool fits)
    {
        using StreamWriter writer = new(Path.Combine(Directory.CreateDirectory(_folder.At("set")).FullName, "long.csv"));
        writer.Write("a.jpg,x\n");
        for (int i = 0; i < length; i++)
        {
            writer.Write('b');
        }

        writer.Write(".jpg,y\n");
        writer.Close();
        if (fits)
        {
            // The record and nothing else counts: ".jpg,y" behind it makes the line as long as is allowed.
            Assert.Equal(2, ImageFolder.Open(_folder.At("set/long.csv"), Decoder).Count);
            return;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<RectifyException>(() => ImageFolder.Open(_folder.At("set/long.csv"), Decoder)).Message;
        Assert.Contains("line 2, is longer than 65536 characters", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private IDataset Open(string text)
    {
        _ = _folder.Add("set/data.csv", Encoding.UTF8.GetBytes(text));
        return ImageFolder.Open(_folder.At("set/data.csv"), Decoder);
    }
}
