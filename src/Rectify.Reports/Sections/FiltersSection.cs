namespace Rectify.Reports;

/// <summary>The filters of the first layer as a picture.</summary>
internal static class FiltersSection
{
    private const string Id = "filters";
    private const string Title = "What its first layer looks for";

    public static Section Create(ReportFacts report)
    {
        RunFacts run = report.Run;
        if (run.Network?.Filters is not { } bank)
        {
            return Section.Without(Id, Title, run.Network is null ? run.WhyNoNetwork : "First-layer filters: its first layer is no convolution of RGB.");
        }

        (byte[] png, int width, int height) = FilterSheet.Draw(bank);
        Html page = new();
        page.Add($"<figure><figcaption><strong>{bank.Layer}.</strong> {bank.Count} filters of {bank.Rows}×{bank.Columns} pixels in RGB, ");
        page.AddMarkup("each scaled for itself; grey is 0.</figcaption>");
        page.Add($"<img class=\"filters\" src=\"{Thumbnail.Uri("image/png", png)}\" width=\"{width}\" height=\"{height}\" ");
        page.Add($"alt=\"{bank.Count} filters of the layer {bank.Layer}, {bank.Rows} by {bank.Columns} pixels each, drawn as small colour pictures in rows of 16.\"></figure>\n");
        return new Section(Id, Title, page);
    }
}
