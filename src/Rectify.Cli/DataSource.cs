using System.Globalization;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>From what a user writes after --data and --val to data sets.</summary>
internal static class DataSource
{
    /// <summary>The value that stands for the built-in pictures.</summary>
    public const string Builtin = "builtin";

    /// <summary>Validation: a tenth of the training data.</summary>
    public const string Split = "split";

    /// <summary>No validation.</summary>
    public const string None = "none";

    private const int BuiltinTraining = 20_000;
    private const int BuiltinValidation = 2_000;
    private const ulong BuiltinTrainingSeed = 1;
    private const ulong BuiltinValidationSeed = 2;
    private const ulong BuiltinTestSeed = 3;

    // Decoded pictures are kept in memory up to this much, so that small sets are decoded once.
    private const long CacheBytes = 1L << 30;

    /// <summary>What validation is where --val says nothing: the part of the data for it (validation, else test), else <see cref="Split"/>.</summary>
    public static string DefaultValidation(string data)
    {
        if (IsBuiltin(data))
        {
            return Split;
        }

        DatasetLayout layout = DatasetLayout.Find(data);
        return layout.EvaluationPart is { } part ? layout.PathOf(part) : Split;
    }

    /// <summary>The value with its path whole, so that a run may go on from another folder.</summary>
    public static string Absolute(string value) => string.IsNullOrWhiteSpace(value) || value is Split or None || IsBuiltin(value) ? value : Path.GetFullPath(value);

    /// <summary>Training and validation data.</summary>
    /// <param name="data">What --data says.</param>
    /// <param name="validation">What --val says, or <see cref="DefaultValidation"/>.</param>
    /// <param name="size">The crop, which is the size of built-in pictures.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="people">Told which part of a divided set is used for what, and which classes validation lacks; null for silence.</param>
    /// <param name="classes">The classes of a run that goes on; null for those of the training data. Both sets get their labels by the names.</param>
    public static (IDataset Training, IDataset? Validation) Open(
        string data, string validation, int size, IImageDecoder decoder, TextWriter? people = null, IReadOnlyList<string>? classes = null)
    {
        (IDataset all, string place) = OpenPart(data, BuiltinTraining, BuiltinTrainingSeed, size, decoder, layout => layout.TrainingPart, people);
        all = classes is null ? all : ClassMap.Apply(all, classes);
        if (validation == None)
        {
            return (Cached(all), null);
        }

        if (validation == Split && !IsBuiltin(data))
        {
            TellPlaces(place != data, place, "a tenth of each class of it", people);
            (SubsetDataset train, SubsetDataset held) = ValidationSplit.Create(all);
            return (Cached(train), Cached(held));
        }

        string wanted = validation == Split ? Builtin : validation;
        IDataset other = ClassMap.Apply(OpenOne(wanted, size, decoder, null, out string otherPlace, people), all.Classes);
        TellPlaces(place != data || otherPlace != wanted, place, otherPlace, people);
        TellMissing(other, "validation images", people);
        return (Cached(all), other);
    }

    /// <summary>The training data alone, not cached: for one pass.</summary>
    public static IDataset OpenTraining(string data, string validation, int size, IImageDecoder decoder, TextWriter? people = null)
    {
        IDataset all = OpenPart(data, BuiltinTraining, BuiltinTrainingSeed, size, decoder, layout => layout.TrainingPart, people).Data;
        return validation == Split && !IsBuiltin(data) ? ValidationSplit.Create(all).Train : all;
    }

    /// <summary>A data set to evaluate on: a path, or the built-in validation pictures.</summary>
    /// <param name="data">What --data or --val says.</param>
    /// <param name="size">The size of built-in pictures.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="part">The part that is wanted; null for validation, else test, of a divided set.</param>
    /// <param name="place">What was opened, for people.</param>
    /// <param name="people">Told how far the index of a large archive is; null for silence.</param>
    public static IDataset OpenOne(string data, int size, IImageDecoder decoder, DatasetPart? part, out string place, TextWriter? people = null)
    {
        (IDataset images, place) = OpenPart(data, BuiltinValidation, BuiltinValidationSeed, size, decoder, layout => Choose(layout, part), people);
        return Cached(images);
    }

    /// <summary>The test part of data, its validation part where it has no other; built-in pictures that are neither trained nor validated on.</summary>
    /// <exception cref="RectifyException">The data has neither part.</exception>
    public static IDataset OpenTest(string data, int size, IImageDecoder decoder, TextWriter? people = null)
    {
        if (IsBuiltin(data))
        {
            return new RenderedDataset(BuiltinValidation, size, BuiltinTestSeed);
        }

        DatasetLayout layout = DatasetLayout.Find(data);
        DatasetPart part = layout.Has(DatasetPart.Test) ? DatasetPart.Test
            : layout.EvaluationPart ?? throw new RectifyException(
                $"{data} has neither a test nor a validation part; put test images beside the training images as test/ or test.tar.");
        return Cached(layout.Open(part, decoder, IndexingMessages.To(people)));
    }

    /// <summary>The crop for data if none was asked for.</summary>
    public static int DefaultCrop(string data, IImageDecoder decoder, TextWriter? people = null)
    {
        if (IsBuiltin(data, out _))
        {
            return 32;
        }

        IDataset images = OpenPart(data, 0, 0, 0, decoder, layout => layout.TrainingPart, people).Data;
        using (images as IDisposable)
        {
            return Preprocessing.DefaultCrop(images);
        }
    }

    /// <summary>Whether a value stands for the built-in pictures, with a count or without.</summary>
    public static bool IsBuiltin(string data) => IsBuiltin(data, out _);

    /// <summary>What the classes of data are called by people, by name; empty where nothing says so.</summary>
    public static IReadOnlyDictionary<string, string> WordsOf(string data) => IsBuiltin(data) ? new Dictionary<string, string>() : ClassWords.Beside(data);

    /// <summary>Says which classes have no picture.</summary>
    public static void TellMissing(IDataset data, string what, TextWriter? people)
    {
        if (people is not null && ClassMap.Missing(data) is { Count: > 0 } missing)
        {
            people.WriteLine($"the {what} have no picture of {string.Join(", ", missing.Take(12))}{(missing.Count > 12 ? ", …" : "")}");
        }
    }

    private static void TellPlaces(bool divided, string training, string validation, TextWriter? people)
    {
        if (divided)
        {
            people?.WriteLine($"training on {training}, validating on {validation}");
        }
    }

    private static DatasetPart Choose(DatasetLayout layout, DatasetPart? part)
    {
        if (!layout.IsDivided)
        {
            return part is null or DatasetPart.Whole
                ? DatasetPart.Whole
                : throw new UsageException($"--split: {layout.Path} is one set without parts; leave --split out.");
        }

        return part ?? layout.EvaluationPart ?? throw new RectifyException(
            $"{layout.Path} has neither a validation nor a test part; name images to evaluate on, or say --split train.");
    }

    private static (IDataset Data, string Place) OpenPart(
        string data, int builtinCount, ulong builtinSeed, int size, IImageDecoder decoder, Func<DatasetLayout, DatasetPart> choose, TextWriter? people)
    {
        if (IsBuiltin(data, out int count))
        {
            return (new RenderedDataset(count == 0 ? builtinCount : count, size, builtinSeed), data);
        }

        DatasetLayout layout = DatasetLayout.Find(data);
        DatasetPart part = choose(layout);
        return (layout.Open(part, decoder, IndexingMessages.To(people)), layout.PathOf(part));
    }

    private static CachedDataset Cached(IDataset data) => new(data, CacheBytes);

    // "builtin", or "builtin:COUNT".
    private static bool IsBuiltin(string data, out int count)
    {
        count = 0;
        if (data == Builtin)
        {
            return true;
        }

        if (!data.StartsWith(Builtin + ":", StringComparison.Ordinal))
        {
            return false;
        }

        return int.TryParse(data.AsSpan(Builtin.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1
            ? true
            : throw new UsageException($"'{data}': write {Builtin}:COUNT with a positive number of pictures.");
    }
}
