using System.Security.Cryptography;
using Rectify.Tensors;

namespace Rectify.Data.Checking;

/// <summary>CIFAR's records: damaged as a whole or not at all, but a picture may be there twice.</summary>
internal sealed class CifarSource : CheckSource
{
    private readonly CifarDataset? _data;

    public CifarSource(DatasetPlace place)
    {
        try
        {
            _data = new CifarDataset(place.Files, place.Kind == DatasetKind.Cifar100);
        }
        catch (RectifyException e)
        {
            Findings.Add(new Finding(FindingKind.Container, place.Name, FileExamination.Detail(place.Name, e)));
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
        _data?.Dispose();
        base.Dispose();
    }

    public override ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options)
    {
        ExaminedFile file = new() { Length = _data!.RecordLength };
        try
        {
            RgbImage image = _data.Read(index);
            file.Description = new ImageDescription("CIFAR", image.Width, image.Height, "RGB", 8, 1);
            file.PixelHash = FileExamination.HashOf(image);
            file.ContentHash = Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
        }
        catch (RectifyException e)
        {
            file.Findings.Add(new Finding(FindingKind.Unreadable, Entries[index].Name, FileExamination.Detail(Entries[index].Name, e)));
        }

        return file;
    }
}
