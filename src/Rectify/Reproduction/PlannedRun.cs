using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>A training that an experiment needs. Experiments that need the same recipe share the run.</summary>
/// <param name="Variant">What it stands for in the experiment, e.g. "ReLU".</param>
/// <param name="Seed">Its seed; runs of one seed are compared in pairs.</param>
/// <param name="Recipe">How it is trained, complete.</param>
public sealed record PlannedRun(string Variant, int Seed, Recipe Recipe);
