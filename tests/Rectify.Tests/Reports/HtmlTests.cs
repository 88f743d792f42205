using Rectify.Reports;

namespace Rectify.Tests.Reports;

/// <summary>Markup and values do not mix.</summary>
public sealed class HtmlTests
{
    [Fact]
    public void Add_ValueWithMarkup_IsEscaped()
    {
        Html page = new();
        string value = "<script>alert(\"it's\")</script> & more";
        page.Add($"<p title=\"{value}\">{value}</p>");
        const string Escaped = "&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt; &amp; more";
        Assert.Equal($"<p title=\"{Escaped}\">{Escaped}</p>", page.ToString());
    }

    [Fact]
    public void Add_Numbers_HaveAPointWhateverTheCulture()
    {
        Html page = new();
        page.Add($"{1234567:N0} {0.5:F2} {2}");
        Assert.Equal("1,234,567 0.50 2", page.ToString());
    }

    [Theory]
    [InlineData("photos/train", "photos/train")]
    [InlineData("", "''")]
    [InlineData("my photos", "'my photos'")]
    [InlineData("it's $HOME", "'it'\\''s $HOME'")]
    public void Quote_Word_IsWhatAShellTakesBack(string word, string expected) => Assert.Equal(expected, ShellWord.Quote(word));
}
