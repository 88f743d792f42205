using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Opens pictures that lie in a folder for each class, unpacked or in a tar.</summary>
public static class ImageFolder
{
    /// <summary>Opens a data set.</summary>
    /// <param name="path">A folder of class folders, or a .tar of class folders.</param>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <returns>A <see cref="DirectoryDataset"/> or a <see cref="TarDataset"/>: classes by the ordinal order of their names, samples by that of
    /// their paths.</returns>
    /// <exception cref="RectifyException">The path is missing or is neither, or does not hold two class folders with pictures.</exception>
    public static IDataset Open(string path, IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new RectifyException("The path of the data is empty; name a folder or a .tar that holds a folder of pictures for each class.");
        }

        if (Directory.Exists(path))
        {
            return new DirectoryDataset(path, decoder);
        }

        if (!File.Exists(path))
        {
            throw new RectifyException($"{path} does not exist; name a folder or a .tar that holds a folder of pictures for each class.");
        }

        if (path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase))
        {
            return new TarDataset(path, decoder);
        }

        string remedy = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase)
            ? "decompress it first (gunzip), for a compressed archive cannot be read at random"
            : "name a folder or a .tar that holds a folder of pictures for each class";
        throw new RectifyException($"{path} is neither a folder nor a .tar; {remedy}.");
    }
}
