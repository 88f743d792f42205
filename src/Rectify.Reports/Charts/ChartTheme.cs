using System.Text.Json.Nodes;

namespace Rectify.Reports;

/// <summary>What all charts share: the page's letters and colours, which change with the reader's choice of light or dark.</summary>
internal static class ChartTheme
{
    private const string Letters = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";

    /// <summary>Vega-Lite's config.</summary>
    public static JsonObject Config() => new()
    {
        ["background"] = "transparent",
        ["font"] = Letters,
        ["padding"] = 4,
        ["view"] = new JsonObject { ["stroke"] = null },
        ["axis"] = new JsonObject
        {
            ["domainColor"] = "var(--line)",
            ["gridColor"] = "var(--grid)",
            ["tickColor"] = "var(--line)",
            ["labelColor"] = "var(--quiet)",
            ["titleColor"] = "var(--quiet)",
            ["labelFontSize"] = 12,
            ["titleFontSize"] = 12,
            ["titleFontWeight"] = 500,
            ["titlePadding"] = 8,
            ["labelLimit"] = 150,
        },
        ["axisY"] = new JsonObject { ["domain"] = false, ["ticks"] = false },
        ["legend"] = new JsonObject
        {
            ["orient"] = "top",
            ["layout"] = new JsonObject { ["top"] = new JsonObject { ["anchor"] = "start", ["direction"] = "vertical", ["margin"] = 2 } },
            ["labelColor"] = "var(--ink)",
            ["labelFontSize"] = 12,
            ["labelLimit"] = 240,
            ["symbolStrokeWidth"] = 2.5,
            ["title"] = null,
        },
        ["line"] = new JsonObject { ["strokeWidth"] = 2, ["strokeCap"] = "round" },
        ["bar"] = new JsonObject { ["cornerRadiusEnd"] = 2 },
    };
}
