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

    // Decoded pictures are kept in memory up to this much, so that small sets are decoded once.
    private const long CacheBytes = 1L << 30;

    /// <summary>Training and validation data.</summary>
    public static (IDataset Training, IDataset? Validation) Open(string data, string validation, int size, IImageDecoder decoder)
    {
        if (IsBuiltin(data, out int count))
        {
            IDataset training = Cached(new RenderedDataset(count == 0 ? BuiltinTraining : count, size, BuiltinTrainingSeed));
            return (training, validation == None ? null : OpenOne(validation == Split ? Builtin : validation, size, decoder));
        }

        IDataset all = ImageFolder.Open(data, decoder);
        switch (validation)
        {
            case None:
                return (Cached(all), null);
            case Split:
                (SubsetDataset train, SubsetDataset held) = ValidationSplit.Create(all);
                return (Cached(train), Cached(held));
            default:
                return (Cached(all), ClassMap.Apply(OpenOne(validation, size, decoder), all.Classes));
        }
    }

    /// <summary>A data set to evaluate on: a path, or the built-in validation pictures.</summary>
    public static IDataset OpenOne(string data, int size, IImageDecoder decoder) => Cached(
        IsBuiltin(data, out int count)
            ? new RenderedDataset(count == 0 ? BuiltinValidation : count, size, BuiltinValidationSeed)
            : ImageFolder.Open(data, decoder));

    /// <summary>The crop for data if none was asked for.</summary>
    public static int DefaultCrop(string data, IImageDecoder decoder) =>
        IsBuiltin(data, out _) ? 32 : Preprocessing.DefaultCrop(ImageFolder.Open(data, decoder));

    /// <summary>Whether a value stands for the built-in pictures, with a count or without.</summary>
    public static bool IsBuiltin(string data) => IsBuiltin(data, out _);

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
