using System.Buffers.Binary;
using System.Text;
using Rectify.Formats;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Formats;

public sealed class SafetensorsTests
{
    [Fact]
    public void Write_ThenRead_GivesBack()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Root, "a.safetensors");
        SafetensorsWriter writer = new();
        writer.AddMetadata("key", "välue");
        writer.Add("first", [2, 3], values => ((float[])[1, 2, 3, 4, 5, float.NaN]).CopyTo(values));
        writer.Add("empty", [0, 4], _ => { });
        writer.Add("scalar", [], values => values[0] = -0f);
        AtomicFile.Write(path, writer.Write);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(["first", "empty", "scalar"], file.Entries.Select(entry => entry.Name));
        Assert.Equal("välue", file.Metadata["key"]);
        float[] first = new float[6];
        file.Read("first", first);
        Assert.Equal([1, 2, 3, 4, 5, float.NaN], first);
        float[] scalar = new float[1];
        file.Read("scalar", scalar);
        Assert.True(float.IsNegative(scalar[0]));
    }

    [Fact]
    public void Write_OneTensor_GivesTheBytesOfTheFormat()
    {
        using MemoryStream stream = new();
        SafetensorsWriter writer = new();
        writer.Add("w", [1], values => values[0] = 1f);
        writer.Write(stream);
        byte[] bytes = stream.ToArray();
        const string Header = """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        int padded = (Header.Length + 7) / 8 * 8;
        Assert.Equal((ulong)padded, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(Header.PadRight(padded), Encoding.UTF8.GetString(bytes, 8, padded));
        Assert.Equal([0, 0, 0x80, 0x3F], bytes[(8 + padded)..]);
    }

    [Theory]
    [InlineData("F16", 2, new byte[] { 0x00, 0xBC }, -1f)]
    [InlineData("BF16", 2, new byte[] { 0x80, 0x3F }, 1f)]
    [InlineData("F64", 8, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x40 }, 2f)]
    public void Read_OtherElementTypes_AreConverted(string type, int size, byte[] data, float expected)
    {
        using TemporaryFolder folder = new();
        string path = FileWith(folder, $$$"""{"w":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{size}}}]}}""", data);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] value = new float[1];
        file.Read("w", value);
        Assert.Equal(expected, value[0]);
    }

    public static TheoryData<string, string, int> BrokenHeaders() => new()
    {
        { "no object", "[]", 0 },
        { "not JSON", "{\"w\":", 0 },
        { "name twice", """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8 },
        { "unknown type", """{"w":{"dtype":"I9","shape":[1],"data_offsets":[0,4]}}""", 4 },
        { "overlap", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4 },
        { "hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12 },
        { "tail", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5 },
        { "cut off", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7 },
        { "shape against offsets", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8 },
        { "overflow", """{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,8],"data_offsets":[0,8]}}""", 8 },
        { "negative", """{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4 },
        { "offsets reversed", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4 },
        { "no shape", """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4 },
        { "metadata no text", """{"__metadata__":{"a":1}}""", 0 },
    };

    [Theory]
    [MemberData(nameof(BrokenHeaders))]
    public void Open_BrokenHeader_SaysWhatAndWhere(string what, string header, int dataLength)
    {
        using TemporaryFolder folder = new();
        string path = FileWith(folder, header, new byte[dataLength]);
        RectifyException e = Assert.Throws<RectifyException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.True(e.Message.Contains(path, StringComparison.Ordinal), $"{what}: {e.Message}");
    }

    [Fact]
    public void Open_AbsurdLengths_AllocateNothing()
    {
        using TemporaryFolder folder = new();
        foreach (ulong length in (ulong[])[ulong.MaxValue, 1ul << 40, 99_999_999, 9])
        {
            string path = Path.Combine(folder.Root, "absurd");
            byte[] bytes = new byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            File.WriteAllBytes(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<RectifyException>(() => SafetensorsFile.Open(path).Dispose());
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        }

        File.WriteAllBytes(Path.Combine(folder.Root, "short"), [1, 2, 3]);
        Assert.Throws<RectifyException>(() => SafetensorsFile.Open(Path.Combine(folder.Root, "short")).Dispose());
        Assert.Throws<RectifyException>(() => SafetensorsFile.Open(Path.Combine(folder.Root, "missing")).Dispose());
    }

    [Fact]
    public void AtomicWrite_ThatFails_LeavesTheOldFileAndNothingElse()
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

    private static string FileWith(TemporaryFolder folder, string header, byte[] data)
    {
        string path = Path.Combine(folder.Root, "test.safetensors");
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
        return path;
    }
}
