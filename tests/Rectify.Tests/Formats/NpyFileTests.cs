using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Rectify.Formats;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Formats;

public sealed class NpyFileTests
{
    [Fact]
    public void Read_FilesOfNumPy_GivesTheirShapesAndNumbers()
    {
        using TemporaryFolder folder = new();
        int transposed = 0;
        foreach (JsonElement each in Cases())
        {
            string name = each.GetProperty("name").GetString()!;
            byte[] bytes = each.GetProperty("file").GetBytesFromBase64();
            transposed += Encoding.Latin1.GetString(bytes).Contains("'fortran_order': True", StringComparison.Ordinal) ? 1 : 0;
            NpyArray array = NpyFile.Read(Write(folder, bytes));
            Assert.Equal(each.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()), array.Dimensions);
            Assert.StartsWith(each.GetProperty("element").GetString()!, array.ToString(), StringComparison.Ordinal);
            if (array.IsFloatingPoint)
            {
                Assert.Equal(each.GetProperty("values").EnumerateArray().Select(v => (float)v.GetDouble()), array.ToFloats());
                Assert.Contains("whole numbers", Assert.Throws<RectifyException>(() => array.ToIntegers()).Message, StringComparison.Ordinal);
            }
            else
            {
                long[] values = [.. each.GetProperty("values").EnumerateArray().Select(v => long.Parse(v.GetString()!, CultureInfo.InvariantCulture))];
                Assert.True(values.SequenceEqual(array.ToIntegers()), name);
                Assert.Equal(values.Select(v => (float)v), array.ToFloats());
            }
        }

        Assert.True(transposed >= 9, $"{transposed} files in Fortran's order: too few to tell the orders apart");
    }

    [Fact]
    public void Write_Array_IsTheFileOfNumPyByteByByte()
    {
        using TemporaryFolder folder = new();
        int written = 0;
        foreach (JsonElement each in Cases().Where(each => each.GetProperty("name").GetString()!.EndsWith("1 C", StringComparison.Ordinal)))
        {
            byte[] bytes = each.GetProperty("file").GetBytesFromBase64();
            NpyArray read = NpyFile.Read(Write(folder, bytes));
            NpyArray? array = read.Element switch
            {
                NpyElement.F4 => NpyArray.Of(read.ToFloats(), read.Dimensions),
                NpyElement.F8 => NpyArray.Of(each.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ToArray(), read.Dimensions),
                NpyElement.I8 => NpyArray.Of(read.ToIntegers(), read.Dimensions),
                _ => null,
            };
            if (array is not null)
            {
                NpyFile.Write(folder.At("written.npy"), array);
                Assert.Equal(bytes, File.ReadAllBytes(folder.At("written.npy")));
                written++;
            }
        }

        Assert.Equal(5, written);
    }

    [Fact]
    public void Of_ShapeOfAnotherCount_Throws() => Assert.Throws<ArgumentException>(() => NpyArray.Of([1f, 2f, 3f], 2, 2));

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }", "takes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", "takes 16 bytes, and 8 are there")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "takes 4 bytes, and 8 are there")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "beyond")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "no dictionary")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "'>f4'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "'|O'")]
    [InlineData("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }", "structures")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "no dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2), }", "33 dimensions")]
    [InlineData("", "no dictionary")]
    public void Read_HostileHeader_SaysWhatIsWrong(string header, string word)
    {
        using TemporaryFolder folder = new();
        byte[] text = Encoding.Latin1.GetBytes(header);
        string path = Write(folder, [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, 0, 0, 128, 63, 0, 0, 0, 64]);
        RectifyException error = Assert.Throws<RectifyException>(() => NpyFile.Read(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoWholeFile_SaysWhatIsWrong()
    {
        using TemporaryFolder folder = new();
        string Refused(params byte[] bytes) => Assert.Throws<RectifyException>(() => NpyFile.Read(Write(folder, bytes))).Message;

        byte[] whole = Cases().First().GetProperty("file").GetBytesFromBase64();
        Assert.Contains("cut off", Refused(whole[..40]), StringComparison.Ordinal);
        Assert.Contains("no NumPy file", Refused([80, 75, .. whole[2..]]), StringComparison.Ordinal);
        Assert.Contains("version 4", Refused([.. whole[..6], 4, .. whole[7..]]), StringComparison.Ordinal);
        Assert.Contains("4294967295", Refused([.. whole[..6], 2, 0, 255, 255, 255, 255, .. whole[12..]]), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<RectifyException>(() => NpyFile.Read(folder.At("none.npy"))).Message, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder.At("array.npy");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static JsonElement[] Cases()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("npy.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(each => each.Clone())];
    }
}
