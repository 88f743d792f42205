using System.Text;
using Rectify.Formats;

namespace Rectify.Reports;

/// <summary>The report of a run as one file, which asks for nothing from anywhere. The same facts give the same bytes.</summary>
public static class ReportPage
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where.</param>
    /// <param name="report">What it shows.</param>
    /// <param name="scripts">What draws the charts.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, ReportFacts report, ChartScripts scripts)
    {
        byte[] page = Encoding.UTF8.GetBytes(Create(report, scripts));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="scripts">What draws the charts.</param>
    public static string Create(ReportFacts report, ChartScripts scripts)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(scripts);
        Section[] sections =
        [
            LearningSection.Create(report),
            SlopesSection.Create(report),
            FiltersSection.Create(report),
            SignalSection.Create(report),
            ClassesSection.Create(report),
            PhotosSection.Create(report),
            .. report.Against is null ? Array.Empty<Section>() : [AgainstSection.Create(report)],
            RecipeSection.Create(report),
            MachineSection.Create(report),
        ];
        return PageShell.Create(report.Run.Name, page => Summary.Write(page, report), sections, "rectify report", scripts);
    }
}
