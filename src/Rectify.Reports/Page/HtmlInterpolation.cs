using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rectify.Reports;

/// <summary>An interpolated string as markup: literals as they are, values escaped, numbers with a point.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlInterpolation
{
    private readonly StringBuilder _text;

    /// <summary>Called by the compiler.</summary>
    /// <param name="literalLength">Characters of all literals.</param>
    /// <param name="formattedCount">Values.</param>
    public HtmlInterpolation(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string literal) => _text.Append(literal);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(string? value) => _text.Append(WebUtility.HtmlEncode(value));

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>Appends the markup.</summary>
    internal void AppendTo(StringBuilder page) => page.Append(_text);
}
