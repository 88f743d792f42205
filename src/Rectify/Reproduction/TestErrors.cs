using System.Text.Json;
using System.Text.Json.Serialization;
using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Formats;
using Rectify.Kernels;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>The errors of a finished run on the test images: its last checkpoint, center view, each image once. Kept in the run's folder as test.json.</summary>
/// <param name="Images">Test images.</param>
/// <param name="Top1Errors">Images whose label is not the best score.</param>
/// <param name="Top5Errors">Images whose label is not among the five best.</param>
/// <param name="Fingerprint">That of the test images.</param>
internal sealed record TestErrors(int Images, int Top1Errors, int Top5Errors, string Fingerprint)
{
    private const string FileName = "test.json";

    /// <summary>Top-1 error in percent.</summary>
    [JsonIgnore]
    public double Top1ErrorPercent => 100.0 * Top1Errors / Images;

    /// <summary>Top-5 error in percent.</summary>
    [JsonIgnore]
    public double Top5ErrorPercent => 100.0 * Top5Errors / Images;

    /// <summary>Those of a run: from its folder where these images were counted before, else counted and written there.</summary>
    /// <exception cref="RectifyException">The checkpoint is missing or damaged.</exception>
    public static TestErrors Of(RunFolder folder, IDataset images, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string path = Path.Combine(folder.FullPath, FileName);
        string fingerprint = DatasetFingerprint.Compute(images);
        if (Read(path) is { } before && before.Fingerprint == fingerprint)
        {
            return before;
        }

        using TrainedNetwork trained = folder.Load(CheckpointFolder.Last);
        using Evaluator evaluator = new(trained.Network, context);
        EvaluationResult result = evaluator.Run(images, new Preprocessing(trained.Recipe.Size).Evaluation(trained.Mean));
        TestErrors errors = new(result.Images, result.Top1Errors, result.Top5Errors, fingerprint);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, errors, TestErrorsJson.Default.TestErrors));
        return errors;
    }

    private static TestErrors? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), TestErrorsJson.Default.TestErrors) : null;
        }
        catch (JsonException)
        {
            // Damaged: counted anew.
            return null;
        }
    }
}

/// <summary>How test errors are written as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TestErrors))]
internal sealed partial class TestErrorsJson : JsonSerializerContext
{
}
