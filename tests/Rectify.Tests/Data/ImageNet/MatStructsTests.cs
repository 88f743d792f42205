using Rectify.Data;
using Rectify.Tensors;
using Rectify.Tests.Fixtures;

namespace Rectify.Tests.Data.ImageNet;

public sealed class MatStructsTests
{
    [Fact]
    public void Read_FileInTheShapeOfMetaMat_GivesTextsAndNumbers()
    {
        MatStructs synsets = MatStructs.Read(new ImageNetFiles("unused", (_, _) => []).Meta(), "meta.mat", "synsets");
        Assert.Equal(55, synsets.Count);
        Assert.Equal(Enumerable.Range(1, 50).Concat(Enumerable.Range(1001, 5)), Enumerable.Range(0, 55).Select(i => synsets.Number(i, "ILSVRC2012_ID")));
        Assert.Equal(("entity", 2, ""), (synsets.Text(54, "words"), synsets.Number(54, "num_children"), synsets.Text(54, "children")));
        Assert.Contains("café, coffeehouse", Enumerable.Range(0, 55).Select(i => synsets.Text(i, "words")));
        Assert.Contains("no field gender", Message(() => synsets.Text(0, "gender")), StringComparison.Ordinal);
        Assert.Contains("struct 1 is no whole number", Message(() => synsets.Number(0, "WNID")), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Table_MapsIdsToWnids()
    {
        ImageNetFiles files = new("unused", (_, _) => []);
        SynsetTable table = SynsetTable.Read(files.Meta(), "meta.mat");
        Assert.Equal(50, table.Count);
        Assert.All(Enumerable.Range(0, 50), c => Assert.Equal(ImageNetFiles.Wnid(c), table.Wnid(files.IdOf(c))));
        Assert.Equal("tench, Tinca tinca", table.Words["n01440764"]);
    }

    [Theory]
    [InlineData("1 a 2 b 2 c", "the ids 1 to 3, each once, and c has 2")]
    [InlineData("1 a 2 b 4 c", "the ids 1 to 3, each once, and c has 4")]
    [InlineData("0 a 1 b", "the ids 1 to 2, each once, and a has 0")]
    [InlineData("1 a 2 a", "id 2 has the WNID a of another")]
    [InlineData("1 a", "it has no classes")]
    public void Read_TableThatDoesNotHold_IsRefused(string rows, string expected)
    {
        string[] words = rows.Split(' ');
        object[][] structs = [.. Enumerable.Range(0, words.Length / 2).Select(i => (object[])[int.Parse(words[2 * i]), words[(2 * i) + 1], "", 0])];
        byte[] file = MatFileWriter.Write("synsets", ["ILSVRC2012_ID", "WNID", "words", "num_children"], structs);
        Assert.Contains(expected, Message(() => SynsetTable.Read(file, "meta.mat")), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HostileFile_IsRefusedWithASentence()
    {
        byte[] file = new ImageNetFiles("unused", (_, _) => []) { Classes = 5 }.Meta();
        byte[] element = MatFileWriter.Variable("synsets", ["a", "b"], [[1, "x"], [2, "y"]]);
        Assert.Equal("y", MatStructs.Read(MatFileWriter.Wrap(element), "meta.mat", "synsets").Text(1, "b"));
        for (int length = 0; length < element.Length; length++)
        {
            Assert.Contains("MATLAB 5", Message(() => MatStructs.Read(MatFileWriter.Wrap(element[..length]), "meta.mat", "synsets")), StringComparison.Ordinal);
        }

        for (int length = 0; length < file.Length; length += 7)
        {
            _ = Message(() => MatStructs.Read(file.AsSpan(0, length), "meta.mat", "synsets"));
        }

        Assert.Contains("\"images\"", Message(() => MatStructs.Read(file, "meta.mat", "images")), StringComparison.Ordinal);
        byte[] big = (byte[])file.Clone();
        (big[126], big[127]) = ((byte)'M', (byte)'I');
        Assert.Contains("big-endian", Message(() => MatStructs.Read(big, "meta.mat", "synsets")), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ElementThatDecompressesToFarTooMuch_IsRefusedInBoundedMemory()
    {
        byte[] file = MatFileWriter.Wrap(new byte[100 << 20]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains($"more than {MatStructs.MaxBytes} bytes", Message(() => MatStructs.Read(file, "meta.mat", "synsets")), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L * MatStructs.MaxBytes);
    }

    private static string Message(Func<object> read) => Assert.Throws<RectifyException>(read).Message;
}
