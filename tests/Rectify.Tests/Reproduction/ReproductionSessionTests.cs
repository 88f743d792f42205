using System.Text.Json;
using Rectify.Cli;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Reproduction;
using Rectify.Reproduction.Experiments;
using Rectify.Tensors;
using Rectify.Tests.Data;

namespace Rectify.Tests.Reproduction;

/// <summary>Several experiments in one go: what cannot be run is told, and the rest is run.</summary>
[Trait("Width", "any")]
public sealed class ReproductionSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhotoDecoder _decoder = new();
    private readonly KernelContext _context = new(new Workers(1), IsaDetection.Widest);
    private readonly StringWriter _people = new();
    private readonly StringWriter _json = new();

    public void Dispose()
    {
        _json.Dispose();
        _people.Dispose();
        _decoder.Dispose();
        _context.Workers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_SeveralWithoutDataAndWithAFailure_TellsAndGoesOn()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("IMAGENET") is { Length: > 0 }, "IMAGENET is set.");
        Assert.Equal(1, Session().Run([new Table2(), new Fixed("broken", fails: true), new Fixed("whole", fails: false)], null, _json));
        string told = _people.ToString();
        Assert.Contains("left out: table-2; --scale imagenet needs data", told, StringComparison.Ordinal);
        Assert.Contains("broken failed: It is broken.", told, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(_json.ToString());
        Assert.Equal("whole", json.RootElement.GetProperty("results")[0].GetProperty("name").GetString());
        Assert.Equal("table-2", json.RootElement.GetProperty("leftOut")[0].GetProperty("name").GetString());
        Assert.Equal("broken", json.RootElement.GetProperty("failed")[0].GetProperty("name").GetString());

        // A result without a scale lies in the experiment's own folder.
        Assert.True(File.Exists(_folder.At("whole/result.md")));
        Assert.True(File.Exists(_folder.At("whole/result.json")));
        Assert.Equal("whole", Assert.Single(ResultFiles.Read(_folder.Root, "whole")).Name);
    }

    [Fact]
    public void Run_SeveralWithoutDataAlone_IsNoFailure()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("IMAGENET") is { Length: > 0 }, "IMAGENET is set.");
        Assert.Equal(0, Session().Run([new Table2(), new Fixed("whole", fails: false)], null, null));
    }

    [Fact]
    public void Run_SeveralWithDataThatIsNotThere_Refuses() => Assert.Contains(
        "/nowhere does not exist",
        Assert.Throws<RectifyException>(() => Session().Run([new Table2(), new Fixed("whole", fails: false)], "/nowhere", null)).Message,
        StringComparison.Ordinal);

    private ReproductionSession Session() =>
        new(_context, new ReproductionHost(_context, _decoder, _people, TextWriter.Null), _people, ["reproduce", "all"])
        {
            Scale = ReproductionScale.ImageNet,
            Seeds = null,
            Root = _folder.Root,
        };

    private sealed class Fixed(string name, bool fails) : Measurement
    {
        public override string Name => name;

        public override string Place => "Section 1";

        public override string Shows => "nothing";

        internal override ExperimentResult Conclude(ExperimentInput input) => fails
            ? throw new RectifyException("It is broken.")
            : new ExperimentResult { Name = name, Place = Place, Claims = [new JudgedClaim("a", "1", "1", "equal", Judgement.Agrees)] };
    }
}
