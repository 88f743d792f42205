using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Opens stored pictures: class folders, a .tar of them, a .csv of paths and labels, CIFAR's binary files.</summary>
public static class ImageFolder
{
    /// <summary>Opens a data set that is not divided into parts; for others, see <see cref="DatasetLayout"/>.</summary>
    /// <param name="path">A folder of class folders, a .tar of class folders, a .csv, or one of CIFAR's .bin files.</param>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <returns>A <see cref="DirectoryDataset"/>, <see cref="TarDataset"/>, <see cref="CsvDataset"/> or <see cref="CifarDataset"/>: classes by the ordinal
    /// order of their names; samples by that of their paths, CIFAR's as they are stored.</returns>
    /// <exception cref="RectifyException">The path is missing, is none of these, is divided into parts, or does not hold two classes with pictures.</exception>
    public static IDataset Open(string path, IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return DatasetLayout.Find(path).Open(DatasetPart.Whole, decoder);
    }
}
