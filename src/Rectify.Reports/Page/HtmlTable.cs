namespace Rectify.Reports;

/// <summary>A table of a page: a caption, a heading a column, and in each row first what the row is about. Wide tables scroll, also by the keyboard.</summary>
internal sealed class HtmlTable
{
    private readonly Html _page;
    private readonly bool[] _numbers;

    /// <summary>Begins a table.</summary>
    /// <param name="page">Where.</param>
    /// <param name="caption">What it is.</param>
    /// <param name="columns">Headings: those of columns of numbers with a # before them. None: a table without a line of headings.</param>
    public HtmlTable(Html page, string caption, params string[] columns)
    {
        (_page, _numbers) = (page, [.. columns.Select(IsNumber)]);
        page.Add($"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{caption}\"><table><caption>{caption}</caption>");
        if (columns.Length > 0)
        {
            page.AddMarkup("<thead><tr>");
            foreach (string column in columns)
            {
                page.Add($"<th scope=\"col\" class=\"{(IsNumber(column) ? "number" : "words")}\">{(IsNumber(column) ? column[1..] : column)}</th>");
            }

            page.AddMarkup("</tr></thead>");
        }

        page.AddMarkup("<tbody>\n");
    }

    /// <summary>Adds a row; the first cell is its heading.</summary>
    public void Add(params string[] cells) => AddRow("plain", cells);

    /// <summary>Adds a row that is to be noticed.</summary>
    public void AddChanged(params string[] cells) => AddRow("changed", cells);

    /// <summary>Ends the table.</summary>
    public void End() => _page.AddMarkup("</tbody></table></div>\n");

    private static bool IsNumber(string column) => column.StartsWith('#');

    private void AddRow(string kind, string[] cells)
    {
        _page.Add($"<tr class=\"{kind}\">");
        for (int i = 0; i < cells.Length; i++)
        {
            string style = i < _numbers.Length && _numbers[i] ? "number" : "words";
            if (i == 0)
            {
                _page.Add($"<th scope=\"row\" class=\"{style}\">{cells[i]}</th>");
            }
            else
            {
                _page.Add($"<td class=\"{style}\">{cells[i]}</td>");
            }
        }

        _page.AddMarkup("</tr>\n");
    }
}
