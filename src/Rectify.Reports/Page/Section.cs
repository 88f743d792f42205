namespace Rectify.Reports;

/// <summary>A section of the page.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Body">Its markup; null for a section without data.</param>
/// <param name="Absence">Without data: what would give it. Not markup.</param>
internal sealed record Section(string Id, string Title, Html? Body, string Absence = "")
{
    /// <summary>A section without data.</summary>
    /// <param name="id">Its anchor.</param>
    /// <param name="title">What would be its heading.</param>
    /// <param name="absence">What is missing, and which command would give it.</param>
    public static Section Without(string id, string title, string absence) => new(id, title, null, absence);
}
