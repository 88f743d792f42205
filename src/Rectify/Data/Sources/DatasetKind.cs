namespace Rectify.Data;

/// <summary>How a set of pictures is stored.</summary>
internal enum DatasetKind
{
    /// <summary>A folder for each class.</summary>
    Folder,

    /// <summary>A .tar of class folders.</summary>
    Tar,

    /// <summary>A .csv of paths and labels.</summary>
    Csv,

    /// <summary>CIFAR-10's binary records.</summary>
    Cifar10,

    /// <summary>CIFAR-100's binary records.</summary>
    Cifar100,

    /// <summary>ImageNet's training archive: a tar of a tar for each class.</summary>
    ImageNetTraining,

    /// <summary>ImageNet's validation pictures, without class folders: the archive, or a folder into which it was unpacked.</summary>
    ImageNetValidation,
}
