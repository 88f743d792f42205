namespace Rectify.Data;

/// <summary>A labelled set of pictures with random access. Thread-safe: any sample may be read from any thread.</summary>
public interface IDataset
{
    /// <summary>Samples.</summary>
    int Count { get; }

    /// <summary>Names of the classes; a label is an index into it.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The class of a sample, 0..Classes.Count−1.</summary>
    int Label(int index);

    /// <summary>What to call the sample in a message: a path, or "built-in #17".</summary>
    string Name(int index);

    /// <summary>Reads and decodes a sample.</summary>
    /// <param name="index">The sample.</param>
    /// <param name="shorterSide">The least shorter side that the caller can use, in pixels (see <see cref="IImageDecoder.Decode"/>); 0 for the whole
    /// picture.</param>
    /// <exception cref="Tensors.RectifyException">The sample cannot be read or decoded; the message names it.</exception>
    RgbImage Read(int index, int shorterSide = 0);
}
