using System.Text;

namespace Rectify.Reports;

/// <summary>A page in the making. Markup is what stands literally in an interpolated string; every value between braces is escaped, so that no name can become
/// markup by mistake.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with escaped values.</summary>
    public void Add(HtmlInterpolation markup) => markup.AppendTo(_text);

    /// <summary>Adds what is markup already.</summary>
    public void AddMarkup(string markup) => _text.Append(markup);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
