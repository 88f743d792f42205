using System.Text;
using Rectify.Evaluation;
using Rectify.Formats;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Evaluation;

public sealed class ScoreFileTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(29, 5)]
    [InlineData(700, 1000)]
    public void Load_OfWhatWasSaved_IsTheSameToTheBit(int images, int classes)
    {
        using TemporaryFolder folder = new();
        ScoreTable table = RandomScores.Table(images, classes, 3);
        ScoreFile.Save(table, folder.At("scores/a.scores.safetensors"));
        ScoreTable loaded = ScoreFile.Load(folder.At("scores/a.scores.safetensors"));
        Assert.True(RandomScores.AreSame(table, loaded));
        Assert.Equal(table.Classes, loaded.Classes);
        Assert.Equal(table.Names, loaded.Names);
        Assert.Equal(table.Origin with { Scales = [] }, loaded.Origin with { Scales = [] });
        Assert.Equal(table.Origin.Scales, loaded.Origin.Scales);
        ScoreFile.Save(loaded, folder.At("b.scores.safetensors"));
        Assert.Equal(File.ReadAllBytes(folder.At("scores/a.scores.safetensors")), File.ReadAllBytes(folder.At("b.scores.safetensors")));
    }

    [Fact]
    public void Save_TensorsAreThoseOfTheGuide()
    {
        using TemporaryFolder folder = new();
        ScoreFile.Save(RandomScores.Table(10, 3, 1), folder.At("a"));
        using SafetensorsFile file = SafetensorsFile.Open(folder.At("a"));
        Assert.Equal(["scores F32 10,3", "labels I32 10", "read U8 10"], file.Entries.Take(3).Select(e => $"{e.Name} {e.DataType} {string.Join(',', e.Dimensions)}"));
        Assert.Equal("[\"class 0\",\"class 1\",\"class 2\"]", Encoding.UTF8.GetString(file.ReadBytes(file.Find("classes")!)));
        Assert.Equal(0, file.ReadBytes(file.Find("read")!)[6]);
        Assert.Equal(("256,512", "10-view", "1:abc"), (file.Metadata["scales"], file.Metadata["view"], file.Metadata["imagesFingerprint"]));
    }

    [Fact]
    public void Load_OneBitOfTheScoresTurned_IsDamaged()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("a.scores.safetensors");
        ScoreFile.Save(RandomScores.Table(10, 3, 1), path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[sizeof(ulong) + BitConverter.ToInt32(bytes) + 1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("damaged", Assert.Throws<RectifyException>(() => ScoreFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another format")]
    [InlineData("no scores")]
    [InlineData("one class")]
    [InlineData("labels too few")]
    [InlineData("label beyond")]
    [InlineData("flag of 2")]
    [InlineData("names too few")]
    [InlineData("names too many")]
    [InlineData("names no JSON")]
    [InlineData("names numbers")]
    [InlineData("classes no array")]
    [InlineData("something behind")]
    [InlineData("score NaN")]
    [InlineData("scale of 0")]
    [InlineData("labels as F32")]
    public void Load_FileOfAnotherProgram_IsReadOrRefusedWithTheReason(string wrong)
    {
        using TemporaryFolder folder = new();
        string path = folder.At("theirs.safetensors");
        Write(path, "");
        Assert.Equal([0.25f, 0.75f], ScoreFile.Load(path).Scores(1).ToArray());
        Write(path, wrong);
        RectifyException e = Assert.Throws<RectifyException>(() => ScoreFile.Load(path));
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(wrong switch
        {
            "another format" => "no file of scores",
            "no scores" or "one class" => "'scores'",
            "labels too few" or "labels as F32" => "'labels'",
            "label beyond" => "label 2",
            "flag of 2" => "'read'",
            "score NaN" => "NaN",
            "scale of 0" => "'scales'",
            "classes no array" => "'classes'",
            _ => "'names'",
        }, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameFor_PathsOfAllKinds_AreFileNames()
    {
        Assert.Equal("val-10-view.scores.safetensors", ScoreFile.NameFor(RandomScores.Origin(1)));
        Assert.Equal("builtin_50-center.scores.safetensors", ScoreFile.NameFor(RandomScores.Origin(1) with { Images = "builtin:50", View = "center" }));
        Assert.Equal("dense.scores.safetensors", ScoreFile.NameFor(RandomScores.Origin(1) with { Images = "../", View = "dense" }));
    }

    private static void Write(string path, string wrong)
    {
        SafetensorsWriter writer = new();
        writer.AddMetadata("format", wrong == "another format" ? "rectify.scores.9" : "rectify.scores.1");
        writer.AddMetadata("scales", wrong == "scale of 0" ? "256,0" : "256");
        int classes = wrong == "one class" ? 1 : 2;
        writer.Add(wrong == "no scores" ? "logits" : "scores", [3, classes], values =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = wrong == "score NaN" && i == 3 ? float.NaN : i % 2 == 0 ? 0.25f : 0.75f;
            }
        });
        if (wrong == "labels as F32")
        {
            writer.Add("labels", [3], values => values.Clear());
        }
        else
        {
            writer.AddIntegers("labels", wrong == "labels too few" ? [0, 1] : wrong == "label beyond" ? [0, 1, 2] : [0, 1, 0]);
        }

        writer.AddBytes("read", wrong == "flag of 2" ? [1, 1, 2] : [1, 1, 0]);
        writer.AddBytes("classes", wrong == "classes no array" ? "{\"cat\":1}"u8 : "[\"cat\",\"dog\"]"u8);
        writer.AddBytes("names", wrong switch
        {
            "names too few" => "[\"a\",\"b\"]"u8,
            "names too many" => "[\"a\",\"b\",\"c\",\"d\"]"u8,
            "names no JSON" => "[\"a\",\"b\",\"c\""u8,
            "names numbers" => "[1,2,3]"u8,
            "something behind" => "[\"a\",\"b\",\"c\"] []"u8,
            _ => "[\"a\",\"b\",\"c\"]"u8,
        });
        AtomicFile.Write(path, writer.Write);
    }
}
