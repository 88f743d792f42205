using System.Text.Json;
using Rectify.Data;
using Rectify.Imaging;

namespace Rectify.Tests.Imaging;

/// <summary>Small files of every kind, beside what Pillow reads from them (record_pictures.py).</summary>
public class RecordedPictureTests
{
    private static readonly Dictionary<string, JsonElement> Cases = ReadCases();

    internal static IEnumerable<string> AllNames => Cases.Keys;

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<string> Jpegs => [.. Cases.Keys.Where(name => name.EndsWith(".jpg", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_EveryKind_GivesWhatPillowGives(string name)
    {
        using PhotoDecoder decoder = Decoder(name);
        RgbImage image = decoder.Decode(FileOf(name), name);
        Assert.Equal((Number(name, "width"), Number(name, "height")), (image.Width, image.Height));
        byte[] expected = Convert.FromBase64String(Cases[name].GetProperty("pixels").GetString()!);

        // PNG is exact. Inverse transforms of other versions of libjpeg-turbo differ by a step or two, and CMYK multiplies two such.
        int tolerance = name.EndsWith(".png", StringComparison.Ordinal) ? 0 : 3;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - image.Pixels[i]) <= tolerance, $"value {i}: Pillow {expected[i]}, here {image.Pixels[i]}");
        }
    }

    [Fact]
    public void Cases_ExifOrientations_AreToldApartByTheTolerance()
    {
        // What is recorded for one orientation is far from every other of the same shape: a wrong turn cannot pass.
        string[][] shapes = [["1", "2", "3", "4"], ["5", "6", "7", "8"]];
        foreach ((string a, string b) in shapes.SelectMany(s => s.SelectMany(a => s.Where(b => b != a).Select(b => (a, b)))))
        {
            byte[] one = Convert.FromBase64String(Cases[$"exif-{a}.jpg"].GetProperty("pixels").GetString()!);
            byte[] other = Convert.FromBase64String(Cases[$"exif-{b}.jpg"].GetProperty("pixels").GetString()!);
            Assert.True(one.Zip(other).Max(p => Math.Abs(p.First - p.Second)) > 50);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Describe_EveryKind_SaysWhatTheHeaderSays(string name)
    {
        // No codec is asked, so this runs wherever .NET does.
        using PhotoDecoder decoder = new();
        string color = Cases[name].GetProperty("color").GetString()!;
        string format = name.EndsWith(".png", StringComparison.Ordinal) ? "PNG" : "JPEG";
        ImageDescription expected = new(
            format, Number(name, "storedWidth"), Number(name, "storedHeight"), color, Number(name, "depth"), Number(name, "orientation"));
        Assert.Equal(expected, decoder.Describe(FileOf(name), name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Describe_OnlyTheHeaderIsThere_IsEnough(string name)
    {
        using PhotoDecoder decoder = new();
        byte[] file = FileOf(name);
        int pixels = file.AsSpan().IndexOf(name.EndsWith(".png", StringComparison.Ordinal) ? "IDAT"u8 : [0xFF, 0xDA]);
        Assert.Equal(decoder.Describe(file, name), decoder.Describe(file.AsSpan(0, pixels), name));
    }

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void Decode_ForAShorterSide_KeepsTwiceThatAndNearlyTheSameResult(string name)
    {
        using PhotoDecoder decoder = Decoder(name);
        RgbImage whole = decoder.Decode(FileOf(name), name);
        int shorter = Math.Min(whole.Width, whole.Height);
        for (int side = 1; side <= shorter; side++)
        {
            RgbImage image = decoder.Decode(FileOf(name), name, side);
            int least = Math.Min(image.Width, image.Height);
            Assert.True(least == shorter || least >= 2 * side, $"{image.Width}×{image.Height} for a shorter side of {side}");
            Assert.Equal((shorter + 1) / 2 >= 2 * side, least < shorter);
            (RgbImage expected, RgbImage actual) = (Resize.ShorterSide(whole, side), Resize.ShorterSide(image, side));
            Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));

            // Smooth pictures; one shifted by a pixel would be more than 8 away.
            Assert.True(expected.Pixels.Zip(actual.Pixels).Max(p => Math.Abs(p.First - p.Second)) <= 8, $"for a shorter side of {side}");
        }
    }

    private static PhotoDecoder Decoder(string name)
    {
        bool png = name.EndsWith(".png", StringComparison.Ordinal);
        Assert.SkipUnless(png || TurboJpegDecoder.IsAvailable, "libturbojpeg is not installed: apt install libturbojpeg0");
        Assert.SkipUnless(!png || SpngDecoder.IsAvailable, "libspng is not installed: apt install libspng0");
        return new PhotoDecoder();
    }

    internal static byte[] FileOf(string name) => Convert.FromBase64String(Cases[name].GetProperty("file").GetString()!);

    private static int Number(string name, string property) => Cases[name].GetProperty(property).GetInt32();

    private static Dictionary<string, JsonElement> ReadCases()
    {
        using Stream stream = typeof(RecordedPictureTests).Assembly.GetManifestResourceStream("pictures.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
    }
}
