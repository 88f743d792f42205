namespace Rectify.Reports;

/// <summary>Pictures beside what was answered to them.</summary>
internal static class PhotoList
{
    /// <summary>Writes a heading with its pictures; nothing where there are none.</summary>
    /// <param name="page">Where.</param>
    /// <param name="heading">The heading.</param>
    /// <param name="photos">The pictures.</param>
    /// <param name="className">What a class is called by people.</param>
    public static void Write(Html page, string heading, IReadOnlyCollection<PhotoAnswer> photos, Func<string, string> className)
    {
        if (photos.Count == 0)
        {
            return;
        }

        page.Add($"<h3>{heading}</h3>\n<ul class=\"photos\">\n");
        foreach (PhotoAnswer photo in photos)
        {
            string name = className(photo.Label);
            page.Add($"<li><img src=\"{photo.Picture}\" loading=\"lazy\" class=\"{(photo.Picture.StartsWith("data:image/png", StringComparison.Ordinal) ? "small" : "photo")}\" ");
            page.Add($"alt=\"{name}: {photo.Name}\"><h4>{name} <span>· {(photo.IsRight ? "right" : $"its place: {Numbers.Count(photo.Rank + 1)}")}</span></h4><ol>\n");
            for (int i = 0; i < photo.Answers.Count; i++)
            {
                ClassScore answer = photo.Answers[i];
                double percent = Math.Clamp(100 * answer.Score, 0, 100);
                page.Add($"<li class=\"{(i == 0 ? "first " : "")}{(answer.IsRight ? "right" : "wrong")}\"><span>{className(answer.Class)}");
                page.AddMarkup(answer.IsRight ? "<b class=\"hidden\"> (its class)</b>" : "");
                page.Add($"</span><span class=\"number\">{percent:F1} %</span><div class=\"bar\" aria-hidden=\"true\"><i style=\"width:{percent:F1}%\"></i></div></li>\n");
            }

            page.AddMarkup("</ol></li>\n");
        }

        page.AddMarkup("</ul>\n");
    }
}
