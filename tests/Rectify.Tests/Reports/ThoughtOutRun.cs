using Rectify.Diagnostics;
using Rectify.Evaluation;
using Rectify.Reports;
using Rectify.Training;

namespace Rectify.Tests.Reports;

/// <summary>Facts of a run of two classes, one of which may have a name that would be markup if it could.</summary>
internal static class ThoughtOutRun
{
    public const string Hostile = "<script>alert(\"it's me\")</script>";

    public static Recipe Recipe(string[] classes) => new() { Classes = classes, Data = "photos", Validation = "split", Width = 0.1, Command = ["rectify", "train"] };

    // Each image is answered as the first class; of the labels 0, 0, 1, 0 so many are told apart in truth.
    public static ScoreTable Scores(string name, int right)
    {
        ScoreTable table = new(new ScoreOrigin("run", "", "photos", "1", "center", [32], "V512"), [name, "dog"], ["a.jpg", "b.jpg", "c.jpg", "d.jpg"], [0, 0, 1, 0]);
        for (int i = 0; i < table.Images; i++)
        {
            table.Set(i, i < right ? [0.75f, 0.25f] : [0.25f, 0.75f]);
        }

        return table;
    }

    public static ReportFacts Report(string name)
    {
        RunFacts run = new()
        {
            Name = name == Hostile ? Hostile : "mine",
            Recipe = Recipe([name, "dog"]),
            History = new RunHistory(
                [new EpochPoint(1, 1, 2.0, 90, 1.9, 80, 40, 10, 100, 0.1, 5), new EpochPoint(2, 2, 1.5, 60, 1.4, 40, 10, 10, 110, 0.1, 10)],
                [new StepPoint(1, 1, 2.0, 0.01), new StepPoint(2, 2, 1.5, 0.001)],
                null),
            Network = new NetworkFacts("best", 1000, 10, 5000, [new SlopeStatistics("prelu1", 10, 0.3, 0.1, 0.5)], new FilterBank("conv1", 1, 1, 1, [1f, 0f, -1f])),
            Scores = Scores(name, right: 3),
            AboutScores = $"Errors on images of {name}.",
            Photos = [new PhotoAnswer("a.jpg", name, "data:image/png;base64,AAAA", [new ClassScore(name, 0.75, true), new ClassScore("dog", 0.25, false)], 0)],
            WhyNoSignal = name,
        };
        return new ReportFacts(run, null, $"{{\"classes\":[\"{name}\"]}}");
    }
}
