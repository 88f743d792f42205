using System.Globalization;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Layers;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>What rectify diagnose looks at: a network of a recipe, new or trained, and some pictures.</summary>
/// <param name="recipe">The network's recipe.</param>
/// <param name="data">The pictures, with the recipe's classes.</param>
/// <param name="trained">A run's network; null for one that is initialized.</param>
/// <param name="rate">The learning rate.</param>
internal sealed class DiagnosisSubject(Recipe recipe, IDataset data, TrainedNetwork? trained, double rate)
{
    // Enough for a mean that is off by a few levels of 255.
    private const int MeanSamples = 256;

    private MeanImage? _mean = trained?.Mean;

    public required int Images { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>A line for people.</summary>
    public string Describe(string from, InitializationScheme? scheme)
    {
        string start = trained is not null ? $"checkpoint {trained.Checkpoint}" : scheme is { } one ? $"{one}" : "initializations compared";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Model} × {recipe.Width:0.###}, {recipe.Activation}, {start}: {recipe.Size}×{recipe.Size} crops, "
            + $"{Math.Min(Images, data.Count)} pictures of {from}, rate {rate:g4}");
    }

    public Diagnosis Diagnose(KernelContext context, InitializationScheme scheme)
    {
        Preprocessing preprocessing = new(recipe.Size);
        _mean ??= MeanImage.Compute(data, recipe.Size, preprocessing.EvaluationScale, samples: MeanSamples, workers: context.Workers);
        SampleTransform view = preprocessing.Evaluation(_mean);
        Network network = trained?.Network ?? recipe.BuildNetwork();
        try
        {
            if (trained is null)
            {
                Initializer.Apply(network, new InitializationOptions { Scheme = scheme }, Seed, context.Workers);
                if (scheme.Rule == InitializationRule.Lsuv)
                {
                    LayerSequentialUnitVariance.Apply(network, context, data, view, Seed);
                }
            }

            DiagnosisOptions options = new() { LearningRate = rate, Momentum = recipe.Training.Momentum, Scheme = trained is null ? scheme : null };
            return Diagnosis.Of(network, context, data, view, options, Images, Seed);
        }
        finally
        {
            if (trained is null)
            {
                network.Dispose();
            }
        }
    }
}
