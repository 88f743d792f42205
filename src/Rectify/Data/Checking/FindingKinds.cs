using Kind = Rectify.Data.Checking.FindingKind;
using Severity = Rectify.Data.Checking.FindingSeverity;

namespace Rectify.Data.Checking;

/// <summary>Severity, title and remedy of each kind of finding.</summary>
public static class FindingKinds
{
    /// <summary>How much a kind matters.</summary>
    public static FindingSeverity SeverityOf(FindingKind kind) => Of(kind).Severity;

    /// <summary>What a kind is called over a list of files.</summary>
    public static string TitleOf(FindingKind kind) => Of(kind).Title;

    /// <summary>What to do about it.</summary>
    public static string RemedyOf(FindingKind kind) => Of(kind).Remedy;

    private static (Severity Severity, string Title, string Remedy) Of(FindingKind kind) => kind switch
    {
        Kind.Layout => (Severity.Error, "the layout is not understood", "put each class's pictures into a folder named after the class"),
        Kind.Container => (Severity.Error, "damaged archives", "make or copy the file again"),
        Kind.Labels => (Severity.Error, "labels that are missing or damaged", "put ImageNet's devkit as it is given out beside the pictures"),
        Kind.Row => (Severity.Error, "rows that cannot be used", "write path,label"),
        Kind.EmptyFile => (Severity.Error, "empty files", "copy them again from where they came, or remove them"),
        Kind.Broken => (Severity.Error, "broken pictures", "copy them again from where they came, or remove them"),
        Kind.CutShort => (Severity.Error, "pictures that are cut short", "copy them again from where they came, or remove them"),
        Kind.NotAPicture => (Severity.Error, "files that are no JPEG or PNG", "convert them or remove them"),
        Kind.TooNarrow => (Severity.Error, "pictures too narrow to be resized, which training leaves out", "crop them or remove them"),
        Kind.TooLarge => (Severity.Error, "files that are too large", "convert them or make them smaller"),
        Kind.Unreadable => (Severity.Error, "files or folders that cannot be read", "change their permissions, or check the disk"),
        Kind.MissingFile => (Severity.Error, "files that are named and not there", "put them there, or remove their rows"),
        Kind.DanglingLink => (Severity.Error, "links to nothing", "restore what they point to, or remove them"),
        Kind.LinkLoop => (Severity.Error, "links that lead back to themselves", "remove them"),
        Kind.EmptyClass => (Severity.Error, "classes without pictures", "put pictures into them or remove them"),
        Kind.UnreadableClass => (Severity.Error, "classes of which no picture can be read", "mend their pictures, or remove the classes"),
        Kind.UndividableClass =>
            (Severity.Error, "classes of a single picture where a tenth is to be held out for validation", "add pictures, or name a validation set with --val"),
        Kind.SimilarClassNames => (Severity.Error, "class names that are nearly the same", "put the pictures into one of them, or rename one clearly"),
        Kind.ConflictingLabels => (Severity.Error, "the same photo in two classes", "keep it where it belongs and remove the others"),
        Kind.SharedAcrossParts => (Severity.Error, "the same photo in two parts: errors would be measured on what was learned", "remove it from one of them"),
        Kind.UnknownClass => (Severity.Error, "classes that the training part does not have", "rename them, remove them or add training pictures"),
        Kind.MissingClass => (Severity.Warning, "classes of which a part has no picture: nothing is measured of them", "add pictures"),
        Kind.Duplicate => (Severity.Warning, "the same photo more than once in a class", "remove the copies"),
        Kind.WrongExtension => (Severity.Warning, "extensions that say another format (they are read by their content)", "rename them"),
        Kind.Cmyk => (Severity.Warning, "pictures in CMYK, whose colours are only approximated", "convert them to RGB"),
        Kind.SixteenBit => (Severity.Warning, "pictures of 16 bits a channel, of which 8 are used", "convert them if they look wrong"),
        Kind.SmallerThanCrop => (Severity.Warning, "pictures smaller than the crop, which are enlarged", "take a smaller --size or larger pictures"),
        Kind.ImplausibleSize => (Severity.Warning, "pictures of implausible size", "look at them; crop them or remove them"),
        Kind.UnequalClasses => (Severity.Warning, "very unequal classes: errors of the small ones hardly count", "add pictures to the small ones"),
        Kind.SinglePicture => (Severity.Warning, "classes of a single picture", "add pictures"),
        Kind.IgnoredPicture => (Severity.Warning, "pictures that are passed over", "convert them to JPEG or PNG, name them .jpg or .png, in a class's folder"),
        Kind.IgnoredFile => (Severity.Note, "other files, which are passed over", "nothing need be done"),
        Kind.HiddenFile => (Severity.Note, "hidden files and folders, which are passed over", "nothing need be done"),
        Kind.Rotated => (Severity.Note, "pictures that are turned upright as EXIF says", "nothing need be done"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
