using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class RunLogCsvTests
{
    private const string Header = "kind,epoch,step,loss,rate,trainingLoss,trainingTop1Error,imagesPerSecond,waitShare,seconds,top1Error,top5Error,images";

    [Fact]
    public void Write_StepsAndEpochs_AreRowsOfOneTable() => Assert.Equal(
        $"""
        {Header}
        step,1,1,2.25,0.01,,,,,,,,
        epoch,1,1,0.5,,2.25,,1e3,0.25,,10,1,40

        """.ReplaceLineEndings("\r\n"),
        Table("""
            {"kind":"step","epoch":1,"step":1,"loss":2.25,"rate":0.01}
            {"kind":"epoch","epoch":1,"step":1,"trainingLoss":2.25,"imagesPerSecond":1e3,"waitShare":0.25,"loss":0.5,"top1Error":10,"top5Error":1,"images":40}

            """));

    [Fact]
    public void Write_OtherNamesAndAwkwardText_AreColumnsOfTheirOwnInQuotes() => Assert.Equal(
        $"""
        {Header},"a,b",verdict,more
        step,1,1,,,,,,,,,,,,,
        warning,,,,,,,,,,,,,true,"say ""no"", please","[1,2]"
        plain,,,,,,,,,,,,,,"two
        lines",

        """.ReplaceLineEndings("\r\n").Replace("two\r\n", "two\n", StringComparison.Ordinal),
        Table("""
            {"kind":"step","epoch":1,"step":1,"loss":null}
            {"kind":"warning","a,b":true,"verdict":"say \"no\", please","more":[1,2]}
            {"kind":"plain","verdict":"two\nlines"}

            """));

    [Fact]
    public void Write_LastLineThatIsTorn_IsLeftOut() => Assert.Equal($"{Header}\r\nstep,1,1,,,,,,,,,,\r\n", Table("{\"kind\":\"step\",\"epoch\":1,\"step\":1}\n{\"kind\":\"st"));

    [Fact]
    public void Write_EmptyLog_IsAHeader() => Assert.Equal($"{Header}\r\n", Table(""));

    [Fact]
    public void Write_LineThatIsDamagedAmongOthers_IsNamed()
    {
        string message = Assert.Throws<RectifyException>(() => Table("{\"kind\":\"step\"}\n{\"ki\n{\"kind\":\"step\"}\n")).Message;
        Assert.Contains("log.jsonl, line 2:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoLog_IsRefused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("There is no", Assert.Throws<RectifyException>(() => RunLogCsv.Write(folder.At("log.jsonl"), TextWriter.Null)).Message, StringComparison.Ordinal);
    }

    private static string Table(string log)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("log.jsonl"), log);
        using StringWriter output = new();
        RunLogCsv.Write(folder.At("log.jsonl"), output);
        return output.ToString();
    }
}
