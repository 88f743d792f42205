using System.Formats.Tar;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class DatasetLayoutTests : IDisposable
{
    private static readonly IImageDecoder Decoder = new TemporaryFolder.OneByteDecoder();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("val")]
    [InlineData("validation")]
    [InlineData("Val")]
    public void Find_TrainAndValidationAndTest_KnowsTheParts(string validation)
    {
        Classes("set/train/").Classes($"set/{validation}/").Classes("set/test/").Add("set/LICENSE", 1);
        DatasetLayout layout = DatasetLayout.Find(_folder.At("set"));
        Assert.True(layout.IsDivided);
        Assert.Equal([DatasetPart.Training, DatasetPart.Validation, DatasetPart.Test], layout.Parts);
        Assert.Equal(DatasetPart.Validation, layout.EvaluationPart);
        Assert.Equal(_folder.At("set/" + validation), layout.PathOf(DatasetPart.Validation));
        Assert.Equal(["a", "b"], layout.Open(DatasetPart.Test, Decoder).Classes);
        Assert.Contains("name the one that is meant", Refused("set", () => layout.Open(DatasetPart.Whole, Decoder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_TrainAndTest_EvaluatesOnTest()
    {
        Classes("set/train/").Classes("set/test/");
        DatasetLayout layout = DatasetLayout.Find(_folder.At("set"));
        Assert.Equal(DatasetPart.Test, layout.EvaluationPart);
        Assert.Contains("no part for validation", Refused("set", () => layout.Open(DatasetPart.Validation, Decoder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_TarsAndCsvsOfParts_OpensThem()
    {
        Classes("set/train/");
        TarFile.CreateFromDirectory(_folder.At("set/train"), _folder.At("tars/../train.tar"), includeBaseDirectory: false);
        _ = Directory.CreateDirectory(_folder.At("tars"));
        File.Move(_folder.At("train.tar"), _folder.At("tars/train.tar"));
        File.Copy(_folder.At("tars/train.tar"), _folder.At("tars/test.tar"));
        DatasetLayout tars = DatasetLayout.Find(_folder.At("tars"));
        using TarDataset tar = Assert.IsType<TarDataset>(tars.Open(DatasetPart.Test, Decoder));
        Assert.Equal(4, tar.Count);

        _ = _folder.Add("csv/images/1.jpg", 7).Add("csv/train.csv", "images/1.jpg,a\nimages/2.jpg,b\n"u8.ToArray())
            .Add("csv/val.csv", "images/3.jpg,a\nimages/4.jpg,b\n"u8.ToArray());
        DatasetLayout csvs = DatasetLayout.Find(_folder.At("csv"));
        Assert.Equal([DatasetPart.Training, DatasetPart.Validation], csvs.Parts);
        Assert.Equal(7, csvs.Open(DatasetPart.Training, Decoder).Read(0).Pixels[0]);
    }

    [Fact]
    public void Find_ClassCalledTrainAmongOthers_IsAClass()
    {
        _ = _folder.Add("set/train/1.jpg", 1).Add("set/bus/1.jpg", 1).Add("set/car/1.jpg", 1);
        DatasetLayout layout = DatasetLayout.Find(_folder.At("set"));
        Assert.False(layout.IsDivided);
        Assert.Equal(["bus", "car", "train"], layout.Open(DatasetPart.Whole, Decoder).Classes);
    }

    [Fact]
    public void Find_WhatCouldBeReadInTwoWays_IsRefusedInASentence()
    {
        Classes("both/val/").Classes("both/validation/").Classes("both/train/");
        Assert.Contains("both val and validation", Refused("both"), StringComparison.Ordinal);
        Classes("beside/train/").Classes("beside/bus/").Classes("beside/car/");
        Assert.Contains("beside other folders (bus, car)", Refused("beside"), StringComparison.Ordinal);
        Classes("mixed/train/").Add("mixed/data_batch_1.bin", 1);
        Assert.Contains("more than one data set", Refused("mixed"), StringComparison.Ordinal);
        _ = _folder.Add("flat/train/1.jpg", 1).Add("flat/test/1.jpg", 1);
        Assert.Contains("holds no class folders", Refused("flat"), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TarOfParts_IsRefused()
    {
        Classes("set/train/").Classes("set/test/");
        TarFile.CreateFromDirectory(_folder.At("set"), _folder.At("set.tar"), includeBaseDirectory: false);
        Assert.Contains("holds parts (test, train)", Refused("set.tar", () => ImageFolder.Open(_folder.At("set.tar"), Decoder)), StringComparison.Ordinal);
    }

    private DatasetLayoutTests Classes(string prefix)
    {
        foreach (string file in (string[])["a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg"])
        {
            _ = _folder.Add(prefix + file, 1);
        }

        return this;
    }

    private TemporaryFolder Add(string path, byte content) => _folder.Add(path, content);

    private string Refused(string path, Func<object>? act = null)
    {
        string message = Assert.Throws<RectifyException>(act ?? (() => DatasetLayout.Find(_folder.At(path)))).Message;
        Assert.StartsWith(_folder.At(path), message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
