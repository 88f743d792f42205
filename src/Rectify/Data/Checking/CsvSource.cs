using System.Globalization;
using Rectify.Tensors;

namespace Rectify.Data.Checking;

/// <summary>A .csv of path,label; rows that cannot be used are findings, and the others are checked.</summary>
internal sealed class CsvSource : CheckSource
{
    public CsvSource(string path)
    {
        string root = Path.GetDirectoryName(path) ?? "";
        try
        {
            foreach (CsvListing.Row row in CsvListing.Read(path, (line, problem) => Bad(path, line, problem)))
            {
                _ = Classes.Add(row.Label);
                Entries.Add(new CheckEntry(Path.Combine(root, row.Path), row.Label));
            }
        }
        catch (RectifyException e)
        {
            Findings.Add(new Finding(FindingKind.Container, path, FileExamination.Detail(path, e)));
        }
    }

    public override ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options)
    {
        string name = Entries[index].Name;
        return FileExamination.Examine(name, FileSpan.Length(name), () => FileSpan.Read(name), decoder, options);
    }

    private void Bad(string path, int line, string problem)
    {
        string detail = problem.Split(';')[0];
        Findings.Add(new Finding(FindingKind.Row, string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}"), detail));
    }
}
