using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Execution;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reports;

/// <summary>Scores of a network for the center view of each image, where no file has any.</summary>
internal static class CenterScores
{
    private const int Batch = 64;

    /// <summary>Evaluates.</summary>
    /// <param name="name">What to call the network.</param>
    /// <param name="trained">The network.</param>
    /// <param name="data">Images, with the recipe's classes.</param>
    /// <param name="images">What to call them.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="progress">Hears how many images are done.</param>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite.</exception>
    public static ScoreTable Compute(string name, TrainedNetwork trained, IDataset data, string images, KernelContext context, Action<int>? progress)
    {
        SampleTransform view = new Preprocessing(trained.Recipe.Size).Evaluation(trained.Mean);
        int[] labels = [.. Enumerable.Range(0, data.Count).Select(data.Label)];
        ScoreOrigin origin = new(
            name,
            "",
            images,
            DatasetFingerprint.Compute(data),
            "center",
            [new Preprocessing(trained.Recipe.Size).EvaluationScale],
            $"{context.Isa}{(context.Exact ? " exact" : "")}");
        ScoreTable table = new(origin, trained.Recipe.Classes, [.. Enumerable.Range(0, data.Count).Select(data.Name)], labels);
        Plan plan = new(trained.Network);
        int batchSize = Math.Min(Batch, data.Count);
        using BatchLoader loader = new(data, view, new LoaderOptions { BatchSize = batchSize });
        using Workspace workspace = plan.CreateWorkspace(context, ExecutionMode.Inference, MapShape.Image(batchSize, view.Size, view.Size, 3));
        float[] probabilities = new float[batchSize * table.Classes.Count];
        int done = 0;
        foreach (Batch batch in loader.Epoch(0))
        {
            if (batch.Count > 0)
            {
                workspace.Bind(workspace.InputShape.WithBatch(batch.Count));
                batch.Pixels.AsSpan(0, workspace.Input.Length).CopyTo(workspace.Input);
                plan.Forward(workspace);
                SoftmaxCrossEntropy.Probabilities(workspace.OutputShape, workspace.Output, probabilities);
                for (int i = 0; i < batch.Count; i++)
                {
                    table.Set(batch.Indices[i], probabilities.AsSpan(i * table.Classes.Count, table.Classes.Count));
                }
            }

            done += batch.Count + batch.Failed.Length;
            progress?.Invoke(done);
        }

        return table;
    }
}
