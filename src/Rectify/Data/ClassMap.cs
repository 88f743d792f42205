using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Brings a data set's labels into the order of classes that a network was trained with: by name, never by position.</summary>
public static class ClassMap
{
    /// <summary>The data set with labels of <paramref name="classes"/>; the data set itself if its classes are just these.</summary>
    /// <exception cref="RectifyException">The data set has a class that the network does not know.</exception>
    public static IDataset Apply(IDataset data, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(classes);
        if (data.Classes.SequenceEqual(classes, StringComparer.Ordinal))
        {
            return data;
        }

        Dictionary<string, int> index = classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        int[] map = new int[data.Classes.Count];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = index.TryGetValue(data.Classes[i], out int label)
                ? label
                : throw new RectifyException(
                    $"The data has a class '{data.Classes[i]}' that the network does not know; it knows {string.Join(", ", classes.Take(12))}"
                    + $"{(classes.Count > 12 ? ", …" : "")}. Evaluate it on data with these classes.");
        }

        return new Mapped(data, classes, map);
    }

    private sealed class Mapped(IDataset data, IReadOnlyList<string> classes, int[] map) : IDataset
    {
        public int Count => data.Count;

        public IReadOnlyList<string> Classes => classes;

        public int Label(int index) => map[data.Label(index)];

        public string Name(int index) => data.Name(index);

        public RgbImage Read(int index, int shorterSide = 0) => data.Read(index, shorterSide);
    }
}
