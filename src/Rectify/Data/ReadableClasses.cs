using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Finds classes of which no picture can be read, before a training that could not learn them.</summary>
public static class ReadableClasses
{
    /// <summary>Reads pictures of each class until one can be read: one a class where all is well.</summary>
    /// <exception cref="RectifyException">No picture of a class can be read; the message names the class and the first picture's reason.</exception>
    public static void Check(IDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        bool[] readable = new bool[data.Classes.Count];
        string?[] reasons = new string?[data.Classes.Count];
        for (int i = 0; i < data.Count; i++)
        {
            int label = data.Label(i);
            if (readable[label])
            {
                continue;
            }

            try
            {
                _ = data.Read(i, shorterSide: 1);
                readable[label] = true;
            }
            catch (RectifyException e)
            {
                reasons[label] ??= e.Message;
            }
        }

        for (int label = 0; label < readable.Length; label++)
        {
            if (!readable[label])
            {
                throw new RectifyException($"The class '{data.Classes[label]}' has no picture that can be read. {reasons[label] ?? "It has none at all."}");
            }
        }
    }
}
