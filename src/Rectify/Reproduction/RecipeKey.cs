using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Rectify.Training;

namespace Rectify.Reproduction;

/// <summary>What tells runs apart: all of a recipe that changes the result, and nothing else.</summary>
/// <remarks>
/// Left out: version, command, machine, threads, loader threads, vector width (it changes bits, not results) and, where pictures have a fingerprint, the path under
/// which they lie.
/// </remarks>
internal static class RecipeKey
{
    private const int HashDigits = 8;

    /// <summary>The key: 8 hexadecimal digits.</summary>
    public static string Of(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        bool builtin = IsBuiltin(recipe.Data);
        Recipe bare = recipe with
        {
            Version = "",
            Command = [],
            Machine = "",
            Isa = "",
            Threads = 1,
            Classes = [],
            Statistics = "",
            Data = builtin ? recipe.Data : "",
            Validation = builtin ? recipe.Validation : "",
            DataFingerprint = builtin ? "" : recipe.DataFingerprint,
            ValidationFingerprint = builtin ? "" : recipe.ValidationFingerprint,
            Training = recipe.Training with { LoaderWorkers = 1 },
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(bare, RecipeJson.Default.Recipe);
        return Convert.ToHexStringLower(SHA256.HashData(json))[..HashDigits];
    }

    /// <summary>A folder's name that a reader understands and that no other recipe has: model, width, crop, activation, initialization, epochs, seed, key.</summary>
    public static string NameOf(Recipe recipe) => string.Create(
        CultureInfo.InvariantCulture,
        $"{recipe.Model}-{recipe.Width:0.###}-{recipe.Size}-{recipe.Activation}-{recipe.Initialization.Replace(':', '-')}-"
        + $"{recipe.Training.Epochs}ep-seed{recipe.Training.Seed}-{Of(recipe)}");

    internal static bool IsBuiltin(string data) =>
        data == ReproductionData.Builtin || data.StartsWith(ReproductionData.Builtin + ":", StringComparison.Ordinal);
}
