using Rectify.Cli;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Reproduction;
using Rectify.Reproduction.Experiments;
using Rectify.Tensors;
using Rectify.Tests.Cli;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Reproduction;

/// <summary>Experiments from the first run to the written result, made small.</summary>
[Trait("Width", "any")]
public sealed class ReproducerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhotoDecoder _decoder = new();
    private readonly KernelContext _context = new(new Workers(2), IsaDetection.Widest);
    private readonly StringWriter _people = new();
    private readonly CountingHost _host;

    public ReproducerTests() => _host = new CountingHost(new ReproductionHost(_context, _decoder, _people, TextWriter.Null));

    private RunStore Store => new(_folder.At("runs/reproduce"));

    public void Dispose()
    {
        _people.Dispose();
        _decoder.Dispose();
        _context.Workers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_SecondCall_TrainsNothingAndFindsTheSame()
    {
        TinyExperiment table2 = new(new Table2());
        ExperimentResult first = Run(table2, 2)!;
        Assert.Equal(6, _host.Begun.Count);
        ExperimentResult second = Run(table2, 2)!;
        Assert.Equal(6, _host.Begun.Count);
        Assert.Empty(_host.GoneOn);
        Assert.Equal(first.Tables[0].Rows[0], second.Tables[0].Rows[0]);
        Assert.Equal(first.Claims, second.Claims);
    }

    [Fact]
    public void Run_ExperimentsWithEqualRecipes_ShareRuns()
    {
        _ = Run(new TinyExperiment(new Table2()), 1);
        _ = Run(new TinyExperiment(new Table1()), 1);
        _ = Run(new TinyExperiment(new InitAccuracy()), 1);

        // ReLU, shared, channel-wise; all of Table 1 is there then; of the initializations only Xavier is not.
        Assert.Equal(4, _host.Begun.Count);
    }

    [Fact]
    public void Run_StoppedBetweenRuns_KeepsWhatIsDone()
    {
        TinyExperiment table1 = new(new Table1());
        _host.StopAfter = 1;
        Assert.Null(Run(table1, 1));
        Assert.Empty(ResultFiles.Read(Store.Root, "table-1"));
        _host.StopAfter = int.MaxValue;
        Assert.NotNull(Run(table1, 1));
        Assert.Equal(2, _host.Begun.Count);
    }

    [Fact]
    public void Run_WithExactKernels_HasRunsOfItsOwnThatAreFoundAgain()
    {
        KernelContext exact = new(_context.Workers, _context.Isa, Exact: true);
        CountingHost host = new(new ReproductionHost(exact, _decoder, _people, TextWriter.Null));
        TinyExperiment table1 = new(new Table1());
        _ = Run(table1, 1);
        _ = Run(table1, 1, exact, host);
        Assert.Equal(2, host.Begun.Count);
        _ = Run(table1, 1, exact, host);
        _ = Run(table1, 1);
        Assert.Equal((2, 2), (_host.Begun.Count, host.Begun.Count));
    }

    [Fact]
    public void Run_RunStoppedInItsMidst_GoesOn()
    {
        TinyExperiment table1 = new(new Table1(), epochs: 60);
        PlannedRun run = table1.Runs(ReproductionScale.Builtin, ReproductionData.OfBuiltin, 1)[1];
        string path = Store.PathOf(run.Recipe);

        // An ordinary training with the same recipe is that run.
        using (CommandProcess process = new(
            _folder.Root,
            "train", "--data", "builtin:200", "--val", "builtin:40", "--width", "0.1", "--size", "16", "--epochs", "60", "--batch", "100", "--lr-drop", "", "--run", path))
        {
            while (!process.HasExited && !File.Exists(Path.Combine(path, "checkpoints", "last-1.safetensors")))
            {
                Thread.Sleep(5);
            }

            process.Signal(15);
            Assert.Equal(130, process.Wait());
        }

        Assert.Equal(RunProgress.Begun, Store.ProgressOf(run.Recipe));
        Assert.NotNull(Run(table1, 1));
        Assert.Equal([path], _host.GoneOn);
        Assert.Equal(RunProgress.Complete, Store.ProgressOf(run.Recipe));
        Assert.Equal(60, RunHistory.Read(Path.Combine(path, "log.jsonl")).Epochs.Count);
    }

    [Fact]
    public void ProgressOf_FolderOfAnotherRecipe_IsRefused()
    {
        TinyExperiment table1 = new(new Table1());
        _ = Run(table1, 1);
        Recipe recipe = table1.Runs(ReproductionScale.Builtin, ReproductionData.OfBuiltin, 1)[0].Recipe;
        string file = Path.Combine(Store.PathOf(recipe), "recipe.json");
        (Recipe.Load(file) with { Dropout = 0.25f }).Save(file);
        Assert.Contains("not the recipe", Assert.Throws<RectifyException>(() => Store.ProgressOf(recipe)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Figure3_WritesCurvesGradientsAndClaims()
    {
        ExperimentResult result = Run(new TinyExperiment(new Figure3()), 1)!;
        Assert.Equal(3, result.Claims.Count);

        // The gradients are those of initialization: they fade in small networks as well.
        Assert.Equal(Judgement.Agrees, result.Claims[2].Judgement);
        Assert.Equal(30, result.Tables[1].Rows.Count);
        Assert.Equal(["He", "Xavier"], result.Curves.Take(2).Select(curve => curve.Name));
        Assert.All(result.Curves.Take(2), curve => Assert.Equal(2, curve.Values.Count));
        Assert.All(result.Curves.Skip(2), curve => Assert.Equal(30, curve.Values.Count));
        string folder = ResultFiles.FolderOf(Store.Root, result);
        string markdown = File.ReadAllText(Path.Combine(folder, "result.md"));
        Assert.StartsWith("# figure-3, builtin: ", markdown, StringComparison.Ordinal);
        Assert.Contains("What differs from the paper", markdown, StringComparison.Ordinal);
        Assert.Contains("rectify reproduce test", markdown, StringComparison.Ordinal);
        ExperimentResult read = Assert.Single(ResultFiles.Read(Store.Root, "figure-3"));
        Assert.Equal(result.Claims, read.Claims);
        using StringWriter shown = new();
        ExperimentPrinter.Print(shown, result);
        Assert.Contains("● He   ○ Xavier", shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Figure2AndDegradation_Conclude()
    {
        Assert.Equal(2, Run(new TinyExperiment(new Figure2(), epochs: 2), 1)!.Claims.Count);
        ExperimentResult degradation = Run(new TinyExperiment(new Degradation()), 1)!;

        // One seed has no interval, so nothing is judged.
        Assert.Equal(Judgement.Undecided, degradation.Judgement);
        Assert.Equal("38.56", degradation.Tables[0].Rows[1][1]);
    }

    [Fact]
    public void Run_Tables4To7AndFigures4To7_ShareRunsAndScores()
    {
        ExperimentResult table4 = Run(new TinyExperiment(new Table4()), 1)!;
        Assert.Equal(4, table4.Claims.Count);
        Assert.Equal(["18", "27", "34", "all three"], table4.Tables[0].Rows.Select(row => row[0]));
        Assert.Equal("24.77", table4.Tables[0].Rows[1][1]);
        ExperimentResult table6 = Run(new TinyExperiment(new Table6()), 1)!;

        // Model A's runs and their scores are those of table 4.
        Assert.Equal(4, _host.Begun.Count);
        Assert.Equal(table4.Tables[1].Rows[3][3], table6.Tables[0].Rows[1][3]);
        int scored = Scored();
        Assert.Equal(4, scored);
        Assert.Equal(2, Run(new TinyExperiment(new Table5()), 1)!.Claims.Count);
        Assert.Equal(8, Scored());
        ExperimentResult table7 = Run(new TinyExperiment(new Table7()), 1)!;
        Assert.Equal(5, table7.Tables[0].Rows.Count);
        Assert.Contains(table7.Differences, difference => difference.Contains("Top-1 errors instead", StringComparison.Ordinal));
        ExperimentResult figure6 = Run(new TinyExperiment(new Figure6()), 1)!;
        Assert.Equal(figure6.Bars[0].Values.Order(), figure6.Bars[0].Values);
        Assert.NotEmpty(Run(new TinyExperiment(new Figure5()), 1)!.Pictures);
        _ = Run(new TinyExperiment(new Figure4()), 1);
        _ = Run(new TinyExperiment(new Figure7()), 1);
        Assert.Equal(4, _host.Begun.Count);
        Assert.Equal(8, Scored());

        // A damaged file of scores is made anew.
        string file = Directory.GetFiles(_folder.Root, "reproduce-dense-*", SearchOption.AllDirectories)[0];
        File.WriteAllText(file, "no scores");
        Assert.Equal(table4.Claims, Run(new TinyExperiment(new Table4()), 1)!.Claims);
        Assert.True(new FileInfo(file).Length > 100);

        int Scored() => _people.ToString().Split("scoring ").Length - 1;
    }

    [Fact]
    public void WritePage_PicturesAndBars_AreInThePage()
    {
        ReproductionHost host = new(_context, _decoder, _people, TextWriter.Null);
        foreach (Experiment experiment in new Experiment[] { new Figure5(), new Figure7(), new TheoryFree() })
        {
            ExperimentResult result = Run(experiment is EnsembleExperiment ? new TinyExperiment(experiment) : experiment, 1)!;
            host.WritePage(Store.Root, result);
            string page = File.ReadAllText(Path.Combine(ResultFiles.FolderOf(Store.Root, result), "report.html"));
            Assert.Equal(result.Pictures.Count, page.Split("<li><img src=").Length - 1);
            Assert.Contains(result.Place, page, StringComparison.Ordinal);
            Assert.Contains("rectify reproduce test", page, StringComparison.Ordinal);
        }
    }

    private ExperimentResult? Run(Experiment experiment, int seeds) => Run(experiment, seeds, _context, _host);

    private ExperimentResult? Run(Experiment experiment, int seeds, KernelContext context, CountingHost host) => new Reproducer(Store, context, host, new RunEstimate(context)).Run(
        experiment,
        ReproductionScale.Builtin,
        ReproductionData.OfBuiltin,
        seeds,
        recipe => RunOrigin.Sign(recipe, ["reproduce"], context),
        result => result with { Command = "rectify reproduce test" });

    private sealed class TheoryFree : Measurement
    {
        public override string Name => "nothing";

        public override string Place => "Section 0";

        public override string Shows => "nothing";

        internal override ExperimentResult Conclude(ExperimentInput input) => new() { Name = Name, Place = Place, Claims = [] };
    }
}
