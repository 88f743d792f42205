namespace Rectify.Data;

/// <summary>A data set whose samples are not files but all take the same number of bytes.</summary>
internal interface IRecordDataset
{
    /// <summary>Bytes of a sample.</summary>
    int RecordLength { get; }
}
