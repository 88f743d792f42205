using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Rectify.Tensors;

namespace Rectify.Data.Checking;

/// <summary>Reads, describes and decodes one file, and says what is wrong with it.</summary>
internal static class FileExamination
{
    private const int DeepBits = 16;

    /// <summary>Looks at a file.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="length">Its bytes as listed; −1 where it is not there.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="decoder">Decodes it.</param>
    /// <param name="options">What counts as implausible.</param>
    public static ExaminedFile Examine(string name, long length, Func<byte[]> read, IImageDecoder decoder, DatasetCheckOptions options)
    {
        ExaminedFile file = new() { Length = Math.Max(length, 0) };
        byte[] bytes;
        try
        {
            bytes = read();
        }
        catch (RectifyException e)
        {
            FindingKind kind = length == 0 ? FindingKind.EmptyFile
                : length > FileSpan.MaxLength ? FindingKind.TooLarge
                : length < 0 || e.InnerException is FileNotFoundException or DirectoryNotFoundException ? FindingKind.MissingFile
                : FindingKind.Unreadable;
            file.Findings.Add(new Finding(kind, name, Detail(name, e)));
            return file;
        }

        file.ContentHash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        string? format = PictureBytes.FormatOf(bytes);
        try
        {
            ImageDescription description = decoder.Describe(bytes, name);
            RgbImage image = decoder.Decode(bytes, name);
            file.Description = description;
            file.PixelHash = HashOf(image);
            if (!PictureBytes.IsComplete(bytes))
            {
                file.Findings.Add(new Finding(FindingKind.CutShort, name, $"has no end: what is missing would be learned as grey or black ({bytes.Length} bytes are there)"));
            }

            Judge(name, description, options, file.Findings);
        }
        catch (RectifyException e) when (e.InnerException is not (DllNotFoundException or EntryPointNotFoundException or BadImageFormatException))
        {
            bool ours = format is "JPEG" or "PNG" or "PPM";
            file.Findings.Add(format is not null && !ours
                ? new Finding(FindingKind.NotAPicture, name, $"is a {format}")
                : new Finding(ours ? PictureBytes.IsComplete(bytes) ? FindingKind.Broken : FindingKind.CutShort : FindingKind.NotAPicture, name, Detail(name, e)));
        }

        return file;
    }

    /// <summary>What tells decoded pictures apart.</summary>
    public static string HashOf(RgbImage image)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[sizeof(int)..], image.Height);
        hash.AppendData(size);
        hash.AppendData(image.Pixels);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>An error's sentence without the file's name before it and the remedy behind it: both stand beside it.</summary>
    public static string Detail(string name, RectifyException e)
    {
        string text = e.Message.StartsWith(name, StringComparison.Ordinal) ? e.Message[name.Length..].TrimStart(' ', ',', ':') : e.Message;
        int remedy = text.LastIndexOf(';');
        return remedy > 0 ? text[..remedy] : text.TrimEnd('.');
    }

    private static void Judge(string name, ImageDescription d, DatasetCheckOptions options, List<Finding> findings)
    {
        string extension = Path.GetExtension(name).ToUpperInvariant();
        if ((d.Format == "JPEG" && extension == ".PNG") || (d.Format == "PNG" && extension is ".JPG" or ".JPEG"))
        {
            findings.Add(new Finding(FindingKind.WrongExtension, name, $"is a {d.Format}"));
        }

        if (d.Color.StartsWith("CMYK", StringComparison.Ordinal))
        {
            findings.Add(new Finding(FindingKind.Cmyk, name, "is in CMYK"));
        }

        if (d.BitDepth >= DeepBits)
        {
            findings.Add(new Finding(FindingKind.SixteenBit, name, string.Create(CultureInfo.InvariantCulture, $"has {d.BitDepth} bits a channel")));
        }

        if (d.Orientation != 1)
        {
            findings.Add(new Finding(FindingKind.Rotated, name, string.Create(CultureInfo.InvariantCulture, $"has orientation {d.Orientation}")));
        }

        (int shorter, int longer) = (Math.Min(d.Width, d.Height), Math.Max(d.Width, d.Height));
        if (Resize.IsTooNarrow(shorter, longer, new Preprocessing(options.Crop).LargestTrainingScale))
        {
            findings.Add(new Finding(FindingKind.TooNarrow, name, $"is {d.Width}×{d.Height} pixels large"));
        }
        else if (shorter <= 1 || longer > (long)options.LargestAspect * shorter)
        {
            findings.Add(new Finding(FindingKind.ImplausibleSize, name, $"is {d.Width}×{d.Height} pixels large"));
        }
        else if (shorter < options.Crop)
        {
            findings.Add(new Finding(FindingKind.SmallerThanCrop, name, $"is {d.Width}×{d.Height} pixels large"));
        }
    }
}
