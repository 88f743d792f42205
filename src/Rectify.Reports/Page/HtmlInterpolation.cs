using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace Rectify.Reports;

/// <summary>Writes an interpolated string to a page: literals as they are, values escaped, numbers with a point.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlInterpolation
{
    private readonly Html _page;

    /// <summary>Called by the compiler.</summary>
    public HtmlInterpolation(int literalLength, int formattedCount, Html page)
    {
        _ = literalLength + formattedCount;
        _page = page;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string literal) => _page.AddMarkup(literal);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(string? value) => _page.AddMarkup(WebUtility.HtmlEncode(value) ?? "");

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
}
