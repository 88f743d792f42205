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

    // All 65,536 numbers of 16 bits, at every length around the vector width too; and doubles of every kind.
    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Read_EverySixteenBits_IsConvertedExactly(string type)
    {
        using TemporaryFolder folder = new();
        byte[] data = new byte[2 << 16];
        for (int bits = 0; bits < 1 << 16; bits++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * bits), (ushort)bits);
        }

        string path = FileWith(folder, $$$"""{"w":{"dtype":"{{{type}}}","shape":[65536],"data_offsets":[0,131072]}}""", data);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] values = new float[1 << 16];
        file.Read("w", values);
        for (int bits = 0; bits < 1 << 16; bits++)
        {
            float expected = type == "F16" ? (float)BitConverter.UInt16BitsToHalf((ushort)bits) : BitConverter.Int32BitsToSingle(bits << 16);
            Assert.True(
                BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(values[bits]) || (float.IsNaN(expected) && float.IsNaN(values[bits])),
                $"{type} {bits:X4}: {values[bits]:R}, not {expected:R}");
        }

        for (int length = 0; length <= 70; length++)
        {
            float[] stretch = new float[length];
            file.Read(file.Find("w")!, 0x3BF1, stretch);
            Assert.Equal(values[0x3BF1..(0x3BF1 + length)], stretch);
        }
    }

    [Fact]
    public void Read_Doubles_AreRoundedToTheNearest()
    {
        using TemporaryFolder folder = new();
        double[] numbers = [.. Enumerable.Range(0, 40_000).Select(i => Math.Pow(-1.1, i % 9001) * (1 + (i * 1e-9))), double.NaN, 1e300, -1e300, 5e-324, -0.0];
        byte[] data = new byte[8 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8 * i), numbers[i]);
        }

        string path = FileWith(folder, $$$"""{"w":{"dtype":"F64","shape":[{{{numbers.Length}}}],"data_offsets":[0,{{{data.Length}}}]}}""", data);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] values = new float[numbers.Length];
        file.Read("w", values);
        Assert.Equal(numbers.Select(number => (float)number), values);
        for (int length = 0; length <= 40; length++)
        {
            float[] stretch = new float[length];
            file.Read(file.Find("w")!, 17, stretch);
            Assert.Equal(values[17..(17 + length)], stretch);
        }
    }

    [Fact]
    public void Read_StretchOutsideTheTensor_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = FileWith(folder, """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", new byte[16]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        SafetensorsEntry entry = file.Find("a")!;
        file.Read(entry, 1, new float[2]);
        file.Read(entry, 3, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(entry, 2, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(entry, -1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read("a", new float[2]));
    }

    // A mapped file would end the process here.
    [Fact]
    public void Read_FileCutSinceItWasOpened_SaysSo()
    {
        using TemporaryFolder folder = new();
        string path = FileWith(folder, """{"w":{"dtype":"F32","shape":[300000],"data_offsets":[0,1200000]}}""", new byte[1_200_000]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream cut = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(500_000);
        }

        RectifyException e = Assert.Throws<RectifyException>(() => file.Read("w", new float[300_000]));
        Assert.Contains("ends at byte 500000", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F32", 4)]
    [InlineData("BF16", 2)]
    public void WriteAndRead_LargeTensor_TakesNoManagedMemoryOfItsSize(string type, int size)
    {
        const int Count = 5_000_000;
        using TemporaryFolder folder = new();
        string path = folder.At("large");
        using NativeBuffer values = new(Count);
        NativeBuffer kept = values;
        long allocated = 0;
        for (int i = 0; i < 2; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            SafetensorsWriter writer = new();
            writer.Add("whole", [Count], all => all[^1] = 7f);
            writer.Add("pieces", [5, 1_000_000], (first, piece) => piece[0] = first);
            AtomicFile.Write(path, writer.Write);
            if (size == 2)
            {
                FileWith(folder, $$$"""{"whole":{"dtype":"{{{type}}}","shape":[{{{Count}}}],"data_offsets":[0,{{{2 * Count}}}]}}""", []);
                before = GC.GetAllocatedBytesForCurrentThread();
                path = folder.At("test.safetensors");
                using FileStream longer = new(path, FileMode.Open);
                longer.SetLength(longer.Length + (2 * Count));
                longer.Dispose();
            }

            using SafetensorsFile file = SafetensorsFile.Open(path);
            file.Read("whole", kept.Slice(0, Count));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The stream's buffer is a megabyte; the tensor has twenty.
        Assert.InRange(allocated, 0, 3_000_000);
    }

    [Fact]
    public void Write_PieceByPiece_GivesWhatTheWholeGives()
    {
        int count = (1 << 20) + 12_345;
        using MemoryStream whole = new(), pieces = new();
        SafetensorsWriter one = new(), other = new();
        one.Add("w", [count], all =>
        {
            for (int i = 0; i < count; i++)
            {
                all[i] = i;
            }
        });
        other.Add("w", [count], (first, piece) =>
        {
            for (int i = 0; i < piece.Length; i++)
            {
                piece[i] = first + i;
            }
        });

        // What a filler leaves out is zero, whatever was in the buffer before.
        one.Add("zeros", [1000], _ => { });
        other.Add("zeros", [1000], (_, _) => { });
        one.Write(whole);
        other.Write(pieces);
        Assert.True(whole.ToArray().AsSpan().SequenceEqual(pieces.ToArray()));
        Assert.Equal(-1, whole.ToArray().AsSpan()[^4000..].IndexOfAnyExcept((byte)0));
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
