using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rectify.Communication;
using Rectify.Data;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>What all ranks of a training must have alike before the first step, given by the first.</summary>
public static class SharedState
{
    /// <summary>The first rank's recipe, on all ranks; null where the first has nothing to do.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="recipe">On the first rank its recipe; on the others null.</param>
    public static Recipe? Recipe(Communicator communicator, Recipe? recipe)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        byte[] text = recipe is null ? [] : JsonSerializer.SerializeToUtf8Bytes(recipe, RecipeJson.Default.Recipe);
        int length = text.Length;
        communicator.Broadcast(MemoryMarshal.AsBytes(new Span<int>(ref length)));
        text = communicator.IsFirst ? text : new byte[length];
        communicator.Broadcast(text);
        return communicator.IsFirst || length == 0 ? recipe : JsonSerializer.Deserialize(text, RecipeJson.Default.Recipe);
    }

    /// <summary>What two machines that do the same have alike of a recipe, on one line; paths, threads and the machine may differ.</summary>
    public static string Describe(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Recipe bare = recipe with
        {
            Command = [],
            Machine = "",
            Threads = 1,
            Data = "",
            Validation = "",
            Statistics = "",
            From = "",
            Training = recipe.Training with { LoaderWorkers = 1 },
        };
        return Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(bare, RecipeJson.Default.Recipe)));
    }

    /// <summary>Refuses ranks that would not do the same: another version, another recipe, other data.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="what">Version, recipe and data as this rank has them, a line each.</param>
    /// <exception cref="RectifyException">A rank differs from the first; it is named.</exception>
    public static void Require(Communicator communicator, string what)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        if (!communicator.IsShared)
        {
            return;
        }

        byte[] all = new byte[SHA256.HashSizeInBytes * communicator.Size];
        communicator.Gather(SHA256.HashData(Encoding.UTF8.GetBytes(what)), all);
        for (int rank = 1; rank < communicator.Size; rank++)
        {
            if (!all.AsSpan(rank * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes).SequenceEqual(all.AsSpan(0, SHA256.HashSizeInBytes)))
            {
                throw new RectifyException(
                    $"Rank {rank} has another version, recipe or data than rank 0 (this one has: {what.ReplaceLineEndings("; ")}); install the same version and the same data on "
                    + "all machines.");
            }
        }
    }

    /// <summary>Gives all ranks the first one's weights, velocities and position.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="trainer">The trainer.</param>
    public static void Share(Communicator communicator, Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        ArgumentNullException.ThrowIfNull(trainer);
        foreach (Parameter parameter in trainer.Network.Parameters)
        {
            communicator.Broadcast(MemoryMarshal.AsBytes(parameter.Values));
            communicator.Broadcast(MemoryMarshal.AsBytes(trainer.Optimizer.Velocity(parameter)));
        }

        TrainingPosition position = trainer.Position;
        communicator.Broadcast(MemoryMarshal.AsBytes(new Span<TrainingPosition>(ref position)));
        trainer.Position = position;
    }

    /// <summary>The first rank's mean, on all ranks.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="recipe">Whose crops it is for.</param>
    /// <param name="mean">On the first rank its mean; the others' does not count.</param>
    public static MeanImage Mean(Communicator communicator, Recipe recipe, MeanImage? mean)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        ArgumentNullException.ThrowIfNull(recipe);
        float[] values = new float[3 * recipe.Size * recipe.Size];
        if (communicator.IsFirst)
        {
            mean!.Values.CopyTo(values);
        }

        communicator.Broadcast(MemoryMarshal.AsBytes(values.AsSpan()));
        return communicator.IsFirst ? mean! : new MeanImage(recipe.Size, recipe.MeanKind, recipe.MeanKind == MeanKind.PerPixel ? values : values.AsSpan(0, 3));
    }

    /// <summary>The first rank's altering of colours, on all ranks; null where the recipe alters none.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="recipe">Whose crops it is for.</param>
    /// <param name="colours">On the first rank its altering; the others' does not count.</param>
    public static ColourShift? Colours(Communicator communicator, Recipe recipe, ColourShift? colours)
    {
        ArgumentNullException.ThrowIfNull(communicator);
        ArgumentNullException.ThrowIfNull(recipe);
        if (!(recipe.Augmentation.ColourSigma > 0))
        {
            return null;
        }

        double[] steps = communicator.IsFirst ? colours!.Steps.ToArray() : new double[ColourShift.StepCount];
        communicator.Broadcast(MemoryMarshal.AsBytes(steps.AsSpan()));
        return communicator.IsFirst ? colours : ColourShift.Of(steps, recipe.Augmentation.ColourSigma);
    }
}
