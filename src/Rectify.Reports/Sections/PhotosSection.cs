namespace Rectify.Reports;

/// <summary>Pictures with their five most probable classes, as in the paper's Figures 4 and 5.</summary>
internal static class PhotosSection
{
    private const string Id = "photos";
    private const string Title = "What it saw";

    public static Section Create(ReportFacts report)
    {
        RunFacts run = report.Run;
        if (run.Photos.Count == 0)
        {
            return Section.Without(Id, Title, run.WhyNoPhotos);
        }

        Html page = new();
        page.AddMarkup("<p>Pictures of the classes in which it errs most, with its five first answers: the surest of the wrong ones and the surest of the right ones.</p>\n");
        PhotoList.Write(page, "Wrong", [.. run.Photos.Where(photo => !photo.IsRight)], run.ClassName);
        PhotoList.Write(page, "Right", [.. run.Photos.Where(photo => photo.IsRight)], run.ClassName);
        return new Section(Id, Title, page);
    }
}
