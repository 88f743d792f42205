using System.Globalization;
using Rectify.Data;
using Rectify.Formats;
using Rectify.Kernels.Optimization;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>Weights of a model of the catalog that another program has written, as safetensors with its own names, torchvision's or timm's.</summary>
public static class WeightsImport
{
    private const int MostClasses = 1 << 20;

    /// <summary>Reads a file into a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it leaves open.</param>
    /// <exception cref="UsageException">An option is missing or makes no sense.</exception>
    /// <exception cref="RectifyException">The file is broken; a tensor is missing, surplus, of another shape or not finite: the message names it.</exception>
    public static ImportedWeights Read(string path, ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.ContainsKey(SafetensorsChecksum.Key))
        {
            _ = SafetensorsChecksum.Verify(path);
        }

        Checkpoint.CheckInputScale(file);
        if (file.Entries.FirstOrDefault(entry => entry.Name.EndsWith(".running_mean", StringComparison.Ordinal)) is { } normalization)
        {
            throw new RectifyException(
                $"{path} is of a network with batch normalization ('{normalization.Name}'), which the models here have none of; take weights of the network without it.");
        }

        TensorNaming naming = NamingOf(file);
        try
        {
            return Read(file, naming, RecipeFor(file, naming, options), options);
        }
        catch (OverflowException e)
        {
            throw new RectifyException($"{path}: a network of its width and crop is larger than can be; give --width and --size.", e);
        }
    }

    private static ImportedWeights Read(SafetensorsFile file, TensorNaming naming, Recipe recipe, ImportOptions options)
    {
        Network network = recipe.BuildNetwork();
        try
        {
            IReadOnlyList<NamedTensor> tensors = NamedTensor.Of(network, naming);
            CheckNames(file, tensors, recipe);
            foreach (NamedTensor tensor in tensors)
            {
                Load(file, tensor);
            }

            (MeanImage mean, ForeignInput? folded) = InputOf(file, naming, options, recipe.Size);
            folded?.Fold(network.Nodes.First(node => node.Weight is not null).Weight!);
            return new ImportedWeights(recipe with { Mean = mean.Kind == MeanKind.PerPixel ? "per-pixel" : "per-channel" }, network, mean, naming, tensors.Count, folded);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static TensorNaming NamingOf(SafetensorsFile file) => file.Entries.Any(entry => entry.Name.StartsWith("head.fc.", StringComparison.Ordinal)) ? TensorNaming.Timm
        : file.Entries.Any(entry => entry.Name.StartsWith("classifier.", StringComparison.Ordinal)) ? TensorNaming.Torchvision
        : TensorNaming.Rectify;

    private static Recipe RecipeFor(SafetensorsFile file, TensorNaming naming, ImportOptions options)
    {
        string? Said(string key) => file.Metadata.GetValueOrDefault(key);
        string model = ModelCatalog.Find(options.Model ?? Said(NetworkMetadata.Model) ?? Said("model")
            ?? throw new UsageException($"{file.Path} does not say of which model it is; name it with --model: {string.Join(", ", ModelCatalog.All.Select(m => m.Name))}.")).Name;
        Recipe recipe = new()
        {
            Model = model,
            Size = options.Size ?? options.Mean?.Size ?? (int?)Number(Said(NetworkMetadata.Crop) ?? Said("mean.size")) ?? Preprocessing.PaperCrop,
            Width = options.Width ?? Number(Said(NetworkMetadata.Width)) ?? 1.0,
            Classes = ["one", "other"],
        };

        // Any such network knows the names; which rectifiers and how many classes, the file's tensors tell.
        using Network named = recipe.BuildNetwork();
        IReadOnlyList<NamedTensor> tensors = NamedTensor.Of(named, naming);
        NamedTensor last = tensors.Last(tensor => tensor.Parameter is Weight);
        SafetensorsEntry weights = file.Find(last.Name) ?? throw Missing(file, last.Name, last.Dimensions, recipe);
        int count = weights.Dimensions is [var outputs, ..] && outputs is >= 2 and <= MostClasses
            ? outputs
            : throw new RectifyException(
                $"{file.Path}: '{last.Name}' has the shape {Text(weights.Dimensions)}, which leaves no classes; choose the --model that it belongs to.");
        long[] slopes = [.. tensors.Where(tensor => tensor.Parameter is Slope).Select(tensor => file.Find(tensor.Name)?.Count ?? 0)];
        string activation = slopes[0] == 0 ? "relu" : slopes.Any(count => count > 1) ? "prelu" : "prelu-shared";
        IReadOnlyList<string> classes = options.Classes ?? NetworkMetadata.ClassesOf(file.Path, file.Metadata)
            ?? [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        UsageException.Require(classes.Count == count, $"{file.Path} has {count} outputs, and {classes.Count} classes are named; name one a line, in the order of the outputs.");
        UsageException.Require(classes.Distinct(StringComparer.Ordinal).Count() == count, $"A class is named twice among those for {file.Path}; name each once.");
        string chosen = options.Activation ?? Leaky(Said(NetworkMetadata.Activation)) ?? activation;
        return recipe with { Classes = classes, Activation = ActivationNames.NameOf(ActivationNames.Parse(chosen)) };
    }

    // A leaky ReLU leaves no tensor behind.
    private static string? Leaky(string? said) => said == "leaky" ? said : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and <= int.MaxValue ? value : null;

    private static (MeanImage Mean, ForeignInput? Folded) InputOf(SafetensorsFile file, TensorNaming naming, ImportOptions options, int size)
    {
        if (options.Mean is not null)
        {
            return (options.Mean, null);
        }

        if (options.Input is null)
        {
            if (file.Find(Checkpoint.MeanName) is { } entry && MeanShape(entry, size) is { } kind)
            {
                float[] values = new float[entry.Count];
                file.Read(entry.Name, values);
                return (new MeanImage(size, kind, values), null);
            }

            if (NetworkMetadata.MeanOf(file.Path, file.Metadata, size) is { } mean)
            {
                return (mean, null);
            }
        }

        ForeignInput input = options.Input ?? (naming == TensorNaming.Rectify
            ? throw new UsageException($"{file.Path} does not say what is subtracted from its input; give --mean FILE.npy (0..255), or --mean and --std in 0..1.")
            : ForeignInput.ImageNet);
        input.Validate();
        return (input.MeanFor(size), input);
    }

    private static MeanKind? MeanShape(SafetensorsEntry entry, int size) => entry.Count == 3 ? MeanKind.PerChannel : entry.Count == 3L * size * size ? MeanKind.PerPixel : null;

    private static void CheckNames(SafetensorsFile file, IReadOnlyList<NamedTensor> tensors, Recipe recipe)
    {
        foreach (NamedTensor tensor in tensors)
        {
            SafetensorsEntry entry = file.Find(tensor.Name) ?? throw Missing(file, tensor.Name, tensor.Dimensions, recipe);
            if (!entry.Dimensions.SequenceEqual(tensor.Dimensions))
            {
                throw new RectifyException(
                    $"{file.Path}: '{tensor.Name}' has the shape {Text(entry.Dimensions)}, {Named(recipe)} needs {Text(tensor.Dimensions)}; "
                    + "choose another --model, --width or --size.");
            }
        }

        HashSet<string> known = [.. tensors.Select(tensor => tensor.Name), Checkpoint.MeanName];
        if (file.Entries.FirstOrDefault(entry => !known.Contains(entry.Name)) is { } surplus)
        {
            throw new RectifyException($"{file.Path} has a tensor '{surplus.Name}', for which {Named(recipe)} has no place; choose the --model that it belongs to.");
        }
    }

    private static RectifyException Missing(SafetensorsFile file, string name, IReadOnlyList<int> dimensions, Recipe recipe) =>
        new($"{file.Path} has no tensor '{name}' {Text(dimensions)}, which {Named(recipe)} needs; choose another --model or --activation.");

    private static string Named(Recipe recipe) => string.Create(CultureInfo.InvariantCulture, $"{recipe.Model} (width {recipe.Width}, {recipe.Size}×{recipe.Size})");

    private static string Text(IReadOnlyList<int> dimensions) => $"[{string.Join(',', dimensions)}]";

    private static void Load(SafetensorsFile file, NamedTensor tensor)
    {
        float[] values = new float[tensor.Parameter.Count];
        file.Read(tensor.Name, values);
        if (FiniteCheck.CountNotFinite(values) is > 0 and var count)
        {
            throw new RectifyException($"{file.Path}: '{tensor.Name}' has {count} numbers that are NaN or infinite; take other weights.");
        }

        tensor.Parameter.FromFile(values, tensor.Parameter.Values);
    }
}
