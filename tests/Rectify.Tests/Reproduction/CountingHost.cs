using Rectify.Cli;
using Rectify.Data;
using Rectify.Reproduction;
using Rectify.Training;

namespace Rectify.Tests.Reproduction;

/// <summary>The command's host, that counts what it trains and may be told to stop.</summary>
internal sealed class CountingHost(ReproductionHost host) : IReproductionHost
{
    public List<string> Begun { get; } = [];

    public List<string> GoneOn { get; } = [];

    /// <summary>Trainings after which it behaves as if it had been interrupted.</summary>
    public int StopAfter { get; set; } = int.MaxValue;

    public bool Train(Recipe recipe, string folder, bool begun)
    {
        if (Begun.Count + GoneOn.Count == StopAfter)
        {
            return false;
        }

        (begun ? GoneOn : Begun).Add(folder);
        return host.Train(recipe, folder, begun);
    }

    public IDataset OpenTest(Recipe recipe) => host.OpenTest(recipe);

    public (IDataset Training, IDataset Validation) Open(Recipe recipe) => host.Open(recipe);

    public void Tell(string line) => host.Tell(line);
}
