namespace Rectify.Models;

/// <summary>A model as the paper's tables give it; the last fully connected layer, one output a class, is understood.</summary>
/// <param name="Name">What the command calls it.</param>
/// <param name="Title">What it is.</param>
/// <param name="Parts">Line by line.</param>
/// <param name="SmallParts">Its form for crops under 96 pixels where there is a special one; not the paper's.</param>
public sealed record ModelSpecification(string Name, string Title, IReadOnlyList<ModelPart> Parts, IReadOnlyList<ModelPart>? SmallParts = null)
{
    /// <summary>Crops below this many pixels use the small form.</summary>
    public const int SmallCrop = 96;

    /// <summary>The parts for a crop.</summary>
    public IReadOnlyList<ModelPart> PartsFor(int crop) => crop < SmallCrop && SmallParts is not null ? SmallParts : Parts;
}
