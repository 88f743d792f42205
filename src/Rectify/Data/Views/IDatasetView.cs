namespace Rectify.Data;

/// <summary>A data set that shows the samples of another one.</summary>
internal interface IDatasetView
{
    /// <summary>The other one.</summary>
    IDataset Whole { get; }

    /// <summary>A sample's index in the other one.</summary>
    int IndexInWhole(int index);
}
