namespace Rectify.Reports;

/// <summary>The text files that this assembly carries.</summary>
internal static class Embedded
{
    /// <summary>A file's text.</summary>
    public static string Text(string name)
    {
        using Stream stream = typeof(Embedded).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"This assembly carries no {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
