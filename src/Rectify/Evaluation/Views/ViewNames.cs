using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Views by name, as commands and files write them.</summary>
public static class ViewNames
{
    /// <summary>All of them, for a message.</summary>
    public const string All = "center, 10-view or dense";

    /// <summary>The name of a view.</summary>
    public static string Of(ViewKind kind) => kind switch
    {
        ViewKind.Center => "center",
        ViewKind.TenView => "10-view",
        _ => "dense",
    };

    /// <summary>The view of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ViewKind Parse(string name) => Enum.GetValues<ViewKind>().Where(kind => Of(kind) == name).Select(kind => (ViewKind?)kind).FirstOrDefault()
        ?? throw new UsageException($"--view {name}: choose {All}.");
}
