namespace Rectify.Data;

/// <summary>A data set whose samples are encoded files: their bytes can be had as they are stored.</summary>
internal interface IEncodedDataset
{
    /// <summary>The sample's file, whole.</summary>
    /// <exception cref="Tensors.RectifyException">The file cannot be read; the message names it.</exception>
    byte[] ReadFile(int index);

    /// <summary>Bytes of the sample's file (of what a link points to); −1 where it is not there any more.</summary>
    long FileLength(int index);
}
