using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using Rectify.Tensors;

namespace Rectify.Data.Checking;

/// <summary>A .tar of class folders; what stands before a damaged place is still checked.</summary>
internal sealed class TarSource : CheckSource
{
    private readonly string _path;
    private readonly List<(long Offset, long Length)> _places = [];

    public TarSource(string path)
    {
        _path = path;
        SortedDictionary<string, (long Offset, long Length)> files = new(StringComparer.Ordinal);
        try
        {
            using (SafeFileHandle file = File.OpenHandle(path))
            {
                TarBounds.Check(file, path);
            }

            using FileStream stream = File.OpenRead(path);
            using TarReader reader = new(stream);
            TarPlaces places = new(files);
            while (reader.GetNextEntry() is TarEntry entry)
            {
                List(entry, places);
            }
        }
        catch (RectifyException e)
        {
            Findings.Add(new Finding(FindingKind.Container, path, FileExamination.Detail(path, e)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or InvalidOperationException
            or ArgumentException or OverflowException)
        {
            Findings.Add(new Finding(FindingKind.Container, path, $"cannot be read as a tar: {e.Message.TrimEnd('.')}"));
        }

        foreach ((string name, (long Offset, long Length) place) in files)
        {
            string className = name[..name.IndexOf('/', StringComparison.Ordinal)];
            _ = Classes.Add(className);
            Entries.Add(new CheckEntry($"{path}/{name}", className));
            _places.Add(place);
        }

        foreach (string empty in Classes.Except(Entries.Select(e => e.ClassName)))
        {
            Findings.Add(new Finding(FindingKind.EmptyClass, $"{path}/{empty}", "holds no .jpg, .jpeg or .png"));
        }
    }

    public override ExaminedFile Examine(int index, IImageDecoder decoder, DatasetCheckOptions options)
    {
        (long offset, long length) = _places[index];
        string name = Entries[index].Name;
        return FileExamination.Examine(name, length, Read, decoder, options);

        byte[] Read()
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle(_path);
                return FileSpan.Read(file, offset, length, name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RectifyException($"{name} cannot be read: {e.Message.TrimEnd('.')}; check the disk.", e);
            }
        }
    }

    private void List(TarEntry entry, TarPlaces places)
    {
        string name = TarPlaces.NameOf(entry.Name);
        bool known = places.Add(entry);
        bool hidden = name.StartsWith('.') || name.Contains("/.", StringComparison.Ordinal);
        if (name.Length > 0 && hidden)
        {
            Findings.Add(new Finding(FindingKind.HiddenFile, $"{_path}/{name}", "begins with a dot"));
        }
        else if (entry.EntryType == TarEntryType.Directory && name.Length > 0)
        {
            _ = Classes.Add(name.Split('/')[0]);
        }
        else if (entry.EntryType == TarEntryType.SymbolicLink)
        {
            Findings.Add(new Finding(FindingKind.DanglingLink, $"{_path}/{name}", $"is a link to {entry.LinkName}, and symbolic links in archives are not followed"));
        }
        else if (!known)
        {
            Findings.Add(new Finding(FindingKind.DanglingLink, $"{_path}/{name}", $"is a hard link to {entry.LinkName}, which does not come before it"));
        }
        else if ((TarPlaces.IsFile(entry) || entry.EntryType == TarEntryType.HardLink) && !SampleListing.IsSample(name))
        {
            Ignore($"{_path}/{name}", []);
        }
    }
}
