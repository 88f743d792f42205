using Rectify.Tensors;

namespace Rectify.Data;

/// <summary>Brings a data set's labels into the order of classes that a network was trained with: by name, never by position.</summary>
public static class ClassMap
{
    private const int NamesInMessage = 12;

    /// <summary>The data set with labels of <paramref name="classes"/>; the data set itself if its classes are just these.</summary>
    /// <remarks>A class that the data set lacks is no error: it just has no samples (see <see cref="Missing"/>).</remarks>
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
        string[] unknown = [.. data.Classes.Where(name => !index.ContainsKey(name))];
        if (unknown.Length > 0)
        {
            string what = unknown.Length == 1 ? "a class" : "classes";
            throw new RectifyException(
                $"The data ({(data.Count > 0 ? data.Name(0) : "empty")}, …) has {what} {Quote(unknown)} that the network does not know; it knows "
                + $"{Quote(classes)}: take data with these classes, or rename or remove the others.");
        }

        return new Mapped(data, classes, [.. data.Classes.Select(name => index[name])]);
    }

    /// <summary>The classes, in order, of which a data set has no sample.</summary>
    public static IReadOnlyList<string> Missing(IDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        bool[] seen = new bool[data.Classes.Count];
        for (int i = 0; i < data.Count; i++)
        {
            seen[data.Label(i)] = true;
        }

        return [.. data.Classes.Where((_, i) => !seen[i])];
    }

    private static string Quote(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.Take(NamesInMessage).Select(n => $"'{n}'"))}{(names.Count > NamesInMessage ? ", …" : "")}";

    private sealed class Mapped(IDataset data, IReadOnlyList<string> classes, int[] map) : IDataset, IKeyed, IDatasetView
    {
        public int Count => data.Count;

        public IReadOnlyList<string> Classes => classes;

        public IDataset Whole => data;

        public int IndexInWhole(int index) => index;

        public string Key(int index) => (data as IKeyed)?.Key(index) ?? data.Name(index);

        public int Label(int index) => map[data.Label(index)];

        public string Name(int index) => data.Name(index);

        public RgbImage Read(int index, int shorterSide = 0) => data.Read(index, shorterSide);
    }
}
