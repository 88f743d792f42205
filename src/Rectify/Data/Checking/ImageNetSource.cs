using Rectify.Tensors;

namespace Rectify.Data.Checking;

/// <summary>ImageNet's archives and its flat validation folder: opened as training opens them, then each picture is looked at.</summary>
internal sealed class ImageNetSource : CheckSource
{
    private readonly IDataset? _data;

    public ImageNetSource(DatasetPlace place, IImageDecoder decoder, IndexingOptions? indexing)
    {
        FindingKind kind = FindingKind.Labels;
        try
        {
            if (place.Kind == DatasetKind.ImageNetValidation)
            {
                _ = ImageNetValidation.LabelsOf(place.Files[0]);
            }

            kind = FindingKind.Container;
            _data = place.Open(decoder, indexing);
        }
        catch (RectifyException e)
        {
            Findings.Add(new Finding(kind, place.Name, FileExamination.Detail(place.Name, e)));
            return;
        }

        Classes.UnionWith(_data.Classes);
        for (int i = 0; i < _data.Count; i++)
        {
            Entries.Add(new CheckEntry(_data.Name(i), _data.Classes[_data.Label(i)]));
        }
    }

    public override void Dispose()
    {
        (_data as IDisposable)?.Dispose();
        base.Dispose();
    }

    public override ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options)
    {
        IEncodedDataset files = (IEncodedDataset)_data!;
        return FileExamination.Examine(Entries[index].Name, files.FileLength(index), () => files.ReadFile(index), decoder, options);
    }
}
