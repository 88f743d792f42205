using Rectify.Evaluation;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>The runs that are evaluated together, with their networks.</summary>
internal sealed class EvaluatedRuns : IDisposable
{
    private readonly List<TrainedNetwork> _networks = [];

    /// <summary>Loads them.</summary>
    /// <param name="runs">Names or paths, with commas between.</param>
    /// <param name="checkpoint">Which checkpoint of each; null for the default.</param>
    public EvaluatedRuns(string runs, string? checkpoint)
    {
        string[] given = runs.Split(',');
        UsageException.Require(given.All(name => !string.IsNullOrWhiteSpace(name)), $"--run {runs}: write names of runs with commas between, as in a-1,a-2.");
        try
        {
            RunFolder[] folders = [.. given.Select(RunFolder.Open)];
            _networks.AddRange(folders.Select(folder => folder.Load(checkpoint)));
            Names = folders.Select(folder => folder.Name).Distinct().Count() == folders.Length ? [.. folders.Select(folder => folder.Name)] : given;
            First = folders[0];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A model that is no run's.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="model">It; disposed with this.</param>
    public EvaluatedRuns(string file, TrainedNetwork model)
    {
        _networks.Add(model);
        Names = [Path.GetFileName(file)];
    }

    /// <summary>The folder of the first; null for a model that is no run's.</summary>
    public RunFolder? First { get; }

    /// <summary>What to call them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their networks.</summary>
    public IReadOnlyList<TrainedNetwork> Networks => _networks;

    /// <summary>The largest crop: the size of built-in pictures.</summary>
    public int Size => _networks.Max(network => network.Recipe.Size);

    /// <summary>Them as an evaluation takes them.</summary>
    public IReadOnlyList<ViewMember> Members(IReadOnlyList<double> weights) => [.. _networks.Select((trained, i) =>
        new ViewMember(Names[i], trained.Network, trained.Mean, trained.Recipe.Classes, weights[i]))];

    public void Dispose() => _networks.ForEach(network => network.Dispose());
}
