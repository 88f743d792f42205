using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>The runs of all experiments, found by their recipe: ordinary run folders under ROOT/runs, so that each is trained once, whoever asks.</summary>
/// <param name="root">The folder of all experiments.</param>
public sealed class RunStore(string root)
{
    /// <summary>Where experiments lie unless told otherwise, below the current folder.</summary>
    public static string DefaultRoot { get; } = Path.Combine(RunFolder.DefaultRoot, "reproduce");

    /// <summary>The folder of all experiments.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The folder of a recipe's run, which need not exist.</summary>
    public string PathOf(Recipe recipe) => Path.Combine(Root, "runs", RecipeKey.NameOf(recipe));

    /// <summary>How far the run of a recipe has come.</summary>
    /// <exception cref="RectifyException">Its folder holds a run of another recipe: somebody has edited it.</exception>
    public RunProgress ProgressOf(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        string path = PathOf(recipe);
        if (!File.Exists(Path.Combine(path, "recipe.json")))
        {
            return RunProgress.Missing;
        }

        RunFolder folder = RunFolder.Open(path);
        if (RecipeKey.Of(Recipe.Load(folder.RecipePath)) != RecipeKey.Of(recipe))
        {
            throw new RectifyException($"{folder.RecipePath} is not the recipe that its folder's name stands for; remove the folder, and the run is made anew.");
        }

        return folder.Checkpoints.Newest(out _) is { } saved && saved.Position.Epoch >= recipe.Training.Epochs ? RunProgress.Complete : RunProgress.Begun;
    }
}

/// <summary>How far a run has come.</summary>
public enum RunProgress
{
    /// <summary>Nothing of it is there.</summary>
    Missing,

    /// <summary>It was begun and can go on.</summary>
    Begun,

    /// <summary>It has come to its last epoch.</summary>
    Complete,
}
