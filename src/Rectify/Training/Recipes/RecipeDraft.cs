using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A recipe that need not be whole: what it lacks is decided by the command line and the data.</summary>
/// <param name="Name">Its name, or its file.</param>
/// <param name="Recipe">The recipe, with defaults where it says nothing.</param>
/// <param name="Keys">The entries that it does say: paths as in the file, such as "training.epochs".</param>
public sealed record RecipeDraft(string Name, Recipe Recipe, IReadOnlyCollection<string> Keys)
{
    /// <summary>A recipe that says nothing.</summary>
    public static RecipeDraft Empty { get; } = new("", new Recipe(), []);

    /// <summary>Whether it makes no sense without trained weights to begin from.</summary>
    public bool NeedsWeights { get; init; }

    /// <summary>Whether it is one of <see cref="NamedRecipes"/>.</summary>
    public bool IsNamed => NamedRecipes.All.Contains(Name);

    /// <summary>Whether it says something of an entry.</summary>
    public bool Sets(string key) => Keys.Contains(key);

    /// <summary>Opens a recipe.</summary>
    /// <param name="nameOrPath">One of <see cref="NamedRecipes.All"/>, or a JSON file.</param>
    /// <param name="model">The model to train; null for the recipe's own.</param>
    /// <exception cref="RectifyException">There is neither, or the file is no recipe: the message names the entry.</exception>
    public static RecipeDraft Open(string nameOrPath, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (NamedRecipes.All.Contains(nameOrPath) || !File.Exists(nameOrPath))
        {
            return NamedRecipes.Find(nameOrPath, model);
        }

        RecipeDraft draft = Read(nameOrPath);
        return model is null ? draft : draft with { Recipe = draft.Recipe with { Model = model } };
    }

    private static RecipeDraft Read(string path)
    {
        (Recipe recipe, IReadOnlyCollection<string> keys) = RecipeFile.Read(path, strict: true);
        recipe.CheckValues(path);
        return new RecipeDraft(path, recipe, keys);
    }
}
