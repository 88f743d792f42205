namespace Rectify.Models;

/// <summary>A line of a model's table.</summary>
public abstract record ModelPart
{
    private protected ModelPart()
    {
    }
}

/// <summary>Filters of Size×Size with a rectifier after them.</summary>
/// <param name="Size">Rows and columns.</param>
/// <param name="Filters">How many.</param>
/// <param name="Stride">Stride.</param>
/// <param name="Pad">Padding on all sides.</param>
public sealed record Conv(int Size, int Filters, int Stride = 1, int Pad = 0) : ModelPart;

/// <summary>Max pooling.</summary>
/// <param name="Size">Rows and columns.</param>
/// <param name="Stride">Stride.</param>
public sealed record Pool(int Size, int Stride) : ModelPart;

/// <summary>Spatial pyramid pooling.</summary>
/// <param name="Levels">n of each level.</param>
public sealed record Pyramid(params int[] Levels) : ModelPart;

/// <summary>A fully connected layer with a rectifier and dropout after it.</summary>
/// <param name="Outputs">Outputs.</param>
public sealed record Hidden(int Outputs) : ModelPart;
