namespace Rectify.Data;

/// <summary>A data set whose samples have keys that stay the same when the files are moved together: paths below the data set's root.</summary>
internal interface IKeyed
{
    /// <summary>The sample's key: "class/file.jpg".</summary>
    string Key(int index);
}
