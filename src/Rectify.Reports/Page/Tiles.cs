namespace Rectify.Reports;

/// <summary>What is to be seen first, a number a tile.</summary>
internal static class Tiles
{
    /// <summary>Adds a tile to a list of them.</summary>
    /// <param name="page">Where.</param>
    /// <param name="name">What it is.</param>
    /// <param name="value">The number.</param>
    /// <param name="more">What is to be known of it, in small letters.</param>
    public static void Write(Html page, string name, string value, string more) => page.Add($"<div><dt>{name}</dt><dd>{value} <small>{more}</small></dd></div>\n");
}
