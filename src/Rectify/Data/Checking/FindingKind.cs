namespace Rectify.Data.Checking;

/// <summary>What can be found in a data set; <see cref="FindingKinds"/> has the severity, the title and the remedy of each.</summary>
public enum FindingKind
{
    /// <summary>The folder as a whole cannot be understood.</summary>
    Layout,

    /// <summary>An archive, or a file of records, is damaged.</summary>
    Container,

    /// <summary>The labels that belong to pictures are not there, or are damaged.</summary>
    Labels,

    /// <summary>A row of a CSV cannot be used.</summary>
    Row,

    /// <summary>A file of no bytes.</summary>
    EmptyFile,

    /// <summary>A picture that does not decode.</summary>
    Broken,

    /// <summary>A picture whose end is missing.</summary>
    CutShort,

    /// <summary>A file that is something else.</summary>
    NotAPicture,

    /// <summary>A picture that cannot be resized, for its longer side would be too long.</summary>
    TooNarrow,

    /// <summary>A file with more bytes than are read.</summary>
    TooLarge,

    /// <summary>A file or folder that may not be read, or on which the disk fails.</summary>
    Unreadable,

    /// <summary>A file that a CSV names and that is not there.</summary>
    MissingFile,

    /// <summary>A link to nothing.</summary>
    DanglingLink,

    /// <summary>A link to a folder that holds it.</summary>
    LinkLoop,

    /// <summary>A class without pictures: an empty folder, or a name of CIFAR's that no record has.</summary>
    EmptyClass,

    /// <summary>A class of which no training picture can be read.</summary>
    UnreadableClass,

    /// <summary>A class with a single picture where a part of each is to be held out for validation.</summary>
    UndividableClass,

    /// <summary>Class names that differ in case or in spaces around them alone.</summary>
    SimilarClassNames,

    /// <summary>The same photo under two classes.</summary>
    ConflictingLabels,

    /// <summary>The same photo in two parts.</summary>
    SharedAcrossParts,

    /// <summary>A class that the training part does not have.</summary>
    UnknownClass,

    /// <summary>A class of the training part of which another part has no picture.</summary>
    MissingClass,

    /// <summary>The same photo twice in a class of a part.</summary>
    Duplicate,

    /// <summary>An extension that says another format.</summary>
    WrongExtension,

    /// <summary>A picture of printing inks.</summary>
    Cmyk,

    /// <summary>A picture of 16 bits a channel.</summary>
    SixteenBit,

    /// <summary>A picture with a shorter side below the crop.</summary>
    SmallerThanCrop,

    /// <summary>A picture of one pixel's width or height, or one that is very narrow, but not <see cref="TooNarrow"/>.</summary>
    ImplausibleSize,

    /// <summary>Classes of very unequal size.</summary>
    UnequalClasses,

    /// <summary>A class with a single picture where validation is a set of its own.</summary>
    SinglePicture,

    /// <summary>A picture that is passed over: of another format, without an extension that is known, or outside of class folders.</summary>
    IgnoredPicture,

    /// <summary>Another file that is passed over.</summary>
    IgnoredFile,

    /// <summary>A file or folder whose name begins with a dot.</summary>
    HiddenFile,

    /// <summary>A picture that EXIF's orientation turns.</summary>
    Rotated,
}
