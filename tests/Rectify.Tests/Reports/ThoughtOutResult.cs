using Rectify.Data;
using Rectify.Reproduction;

namespace Rectify.Tests.Reports;

/// <summary>An experiment's result with all that a page may show, without any training.</summary>
internal static class ThoughtOutResult
{
    public static ExperimentResult Create(string className) => new()
    {
        Name = "figure-0",
        Place = "Figure 0",
        Scale = "builtin",
        Seeds = 2,
        Minutes = 3,
        Command = "rectify reproduce figure-0",
        Claims =
        [
            new JudgedClaim("\"one is less\"", "1 < 2", "1 < 3", "less", Judgement.Agrees),
            new JudgedClaim("\"two is more\"", "2 > 1", "2 < 3", "more", Judgement.Contradicts),
        ],
        Tables = [new ResultTable("Counted", ["", "how many"], [[className, "3"]])],
        Curves =
        [
            new ResultCurve("He", "training loss", "step", [.. Enumerable.Range(1, 500).Select(i => 2.0 / i)]),
            new ResultCurve("Xavier", "training loss", "step", [2.3, double.NaN, 2.3]),
        ],
        Bars = [new ResultBars("Errors", "top-1 error, %", [className, "dog"], [-2, 30])],
        Pictures = [new ResultPicture("right", 0, "first.png", className, 0, [new ResultAnswer(className, 0.75), new ResultAnswer("dog", 0.25)])],
        Differences = [$"There is no {className}."],
        Runs = ["runs/a", "runs/b"],
    };

    /// <summary>The picture of the result.</summary>
    public sealed class Images : IDataset
    {
        public IReadOnlyList<string> Classes => ["x"];

        public int Count => 1;

        public int Label(int index) => 0;

        public string Name(int index) => "first.png";

        public RgbImage Read(int index, int shorterSide) => new(20, 20, new byte[1200]);
    }
}
