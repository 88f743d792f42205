namespace Rectify.Data.Checking;

/// <summary>What a look at one sample gave.</summary>
internal sealed class ExaminedFile
{
    /// <summary>What is wrong with it.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>Bytes as stored.</summary>
    public long Length { get; set; }

    /// <summary>What its header says; null where it does not decode.</summary>
    public ImageDescription? Description { get; set; }

    /// <summary>SHA-256 of its bytes; null where it could not be read.</summary>
    public string? ContentHash { get; set; }

    /// <summary>SHA-256 of its size and decoded pixels; null where it does not decode.</summary>
    public string? PixelHash { get; set; }
}
