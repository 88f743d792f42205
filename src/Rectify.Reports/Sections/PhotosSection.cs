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
        Write(page, run, "Wrong", [.. run.Photos.Where(photo => !photo.IsRight)]);
        Write(page, run, "Right", [.. run.Photos.Where(photo => photo.IsRight)]);
        return new Section(Id, Title, page);
    }

    private static void Write(Html page, RunFacts run, string heading, PhotoAnswer[] photos)
    {
        if (photos.Length == 0)
        {
            return;
        }

        page.Add($"<h3>{heading}</h3>\n<ul class=\"photos\">\n");
        foreach (PhotoAnswer photo in photos)
        {
            string name = run.ClassName(photo.Label);
            page.Add($"<li><img src=\"{photo.Picture}\" loading=\"lazy\" class=\"{(photo.Picture.StartsWith("data:image/png", StringComparison.Ordinal) ? "small" : "photo")}\" ");
            page.Add($"alt=\"{name}: {photo.Name}\"><h4>{name} <span>· {(photo.IsRight ? "right" : $"its place: {Numbers.Count(photo.Rank + 1)}")}</span></h4><ol>\n");
            for (int i = 0; i < photo.Answers.Count; i++)
            {
                ClassScore answer = photo.Answers[i];
                double percent = Math.Clamp(100 * answer.Score, 0, 100);
                page.Add($"<li class=\"{(i == 0 ? "first " : "")}{(answer.IsRight ? "right" : "wrong")}\"><span>{run.ClassName(answer.Class)}");
                page.AddMarkup(answer.IsRight ? "<b class=\"hidden\"> (its class)</b>" : "");
                page.Add($"</span><span class=\"number\">{percent:F1} %</span><div class=\"bar\" aria-hidden=\"true\"><i style=\"width:{percent:F1}%\"></i></div></li>\n");
            }

            page.AddMarkup("</ol></li>\n");
        }

        page.AddMarkup("</ul>\n");
    }
}
